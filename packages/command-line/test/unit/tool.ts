import {
  collect,
  createProgram,
  definitions,
  flag,
  lineOf,
  type Outcome,
  positive,
  runLine,
  share
} from '../../src/index.ts'
import { setting, settingFlag, text, texts, typedSettings } from '../../src/settings.ts'

/** What the commands of the tests get. */
interface Shared {
  readonly say: (line: string) => void
  readonly settings: Readonly<Record<string, unknown>>
}

const kinds = {
  place: setting<string>({
    fallback: 'here',
    variable: 'TOOL_PLACE',
    key: 'place',
    help: 'where things are',
    parse: text,
    expected: 'a place',
    flag: '--place <name>',
    words: 'places'
  }),
  tags: setting<readonly string[]>({
    fallback: [],
    variable: 'TOOL_TAGS',
    key: 'tags',
    help: 'what things are called',
    parse: texts,
    expected: 'a list of tags',
    flag: '--tag <tag>',
    checkFlag: tag => {
      if (tag === 'secret') throw new Error('not in an argument')
    }
  })
} as const

const { defineCommand, defineGroup } = definitions<Shared, 'places' | 'things'>()

const list = defineCommand({
  name: 'list',
  summary: 'what there is',
  isDefault: true,
  positions: [['[name]', 'only this one', 'things']],
  flags: [settingFlag('tags', kinds.tags), flag('--near <share>', 'how near', { parse: share })],
  examples: [['all of it', 'things list']],
  load: async () => ({ words: 'a list of' }),
  run: async ({ say, args, settings }, { words }) => say(`${words} ${args.join()} ${JSON.stringify(settings)}`)
})

const take = defineCommand({
  name: 'take',
  summary: 'take some of it',
  positions: [
    ['<colour>', 'which', ['red', 'green']],
    ['[files...]', 'what else']
  ],
  flags: [
    flag('--for <seconds>', 'how long', { parse: positive, fallback: 5 }),
    flag('--with <name>', 'together with', { parse: collect })
  ],
  more: ['It is gone then.'],
  examples: [['the red ones', 'things take red']],
  run: async ({ say, options, args }) => say(`took ${args.join(' ')} ${JSON.stringify(options)}`)
})

const things = defineGroup({
  name: 'things',
  summary: 'what can be had',
  examples: [['all of it', 'things list']],
  commands: [list, take]
})
const hidden = defineCommand({ name: 'inside', summary: '', hidden: true, run: async ({ say }) => say('inside') })
const fail = defineCommand({
  name: 'fail',
  summary: 'fail',
  run: async () => {
    throw new Error('it failed')
  }
})

/** A small program, and what it prints. */
export function createTool() {
  const said: string[] = []
  let [out, err] = ['', '']
  const program = createProgram<Shared>({
    name: 'tool',
    description: 'A tool for tests.',
    version: '1.2.3',
    flags: [flag('-q, --quiet', 'say less'), settingFlag('place', kinds.place)],
    examples: [['all of it', 'things list']],
    commands: [things, hidden, fail],
    runner: root => async (command, work) =>
      work({
        say: line => said.push(line),
        settings: typedSettings(root, command),
        options: command.opts() as never,
        args: command.processedArgs.flat().filter(one => typeof one === 'string'),
        program: root
      }),
    streams: {
      writeOut: text => {
        out += text
      },
      writeErr: text => {
        err += text
      }
    }
  })
  return {
    program,
    kinds,
    said,
    printed: () => ({ out, err }),
    run: (...words: readonly string[]): Promise<Outcome> => runLine(program, lineOf(program, words))
  }
}
