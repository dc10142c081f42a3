import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createSandbox, type Sandbox } from './cli.ts'
import { blocksBelow, createTypist, hasTmux, type Person, proseBelow } from './world/typed.ts'

// Lines of the texts typed as they stand there, on machines with nothing on them but the program (decision 0058).

let sandbox: Sandbox
let typist: ReturnType<typeof createTypist>
beforeAll(() => {
  sandbox = createSandbox()
  typist = createTypist(sandbox)
})
afterAll(async () => {
  await typist.endAll()
  await sandbox.dispose()
})

type Block = readonly string[]

const isChat = (line: string): boolean => /^status-stack chat/.test(line)
/** The lines of a clone's texts as they are typed where the program is installed. */
const asInstalled = (block: Block): Block => block.map(line => line.replace(/^npm start -- /, 'status-stack '))

/** What an invite link is for: its recipient writes, and whoever made it reads. Each block is typed by somebody else, chats on a terminal. */
async function meet(blocks: readonly Block[], name: string): Promise<void> {
  const screens = []
  for (const [at, block] of blocks.entries()) {
    const person = typist.person(`${name}-${at}`)
    for (const line of block.filter(each => !isChat(each))) await typist.typed(person, line)
    for (const line of block.filter(isChat)) {
      const screen = typist.onTerminal(person, line)
      await screen.until(/online, 1 peer/)
      screens.push(screen)
    }
  }
  const [mine, theirs] = screens
  if (mine === undefined || theirs === undefined) throw new Error('there are not two chats')
  theirs.type('is this the right link?')
  await mine.until(/1 unread elsewhere/)
  mine.type('/next')
  await mine.until(/is this the right link\?/)
  for (const screen of [theirs, mine]) {
    screen.type('/quit')
    expect(await screen.until(/exit code \d+/)).toMatch(/exit code 0\b/)
  }
}

describe.skipIf(!hasTmux)('two people meet', () => {
  afterEach(async () => {
    typist.closeTerminals()
    await typist.endAll()
  })

  test('by what README.md says', () => meet(blocksBelow('README.md', 'Talk to someone').map(asInstalled), 'clone'))

  test('by what the README of the program says', () => {
    const [, ...toTheRecipient] =
      /Its recipient needs nothing else: `([^`]*)`, then `([^`]*)`/.exec(
        proseBelow('apps/cli/README.md', 'Reach a person')
      ) ?? []
    return meet([...blocksBelow('apps/cli/README.md', 'Reach a person'), toTheRecipient], 'installed')
  })
})

describe('what else the texts have people type', () => {
  let person: Person
  beforeAll(async () => {
    person = typist.person('alone')
    // As a clone starts it, from its sources; all other lines here start what was built of them.
    const [init = ''] = blocksBelow('README.md', 'Talk to someone')
      .flat()
      .filter(line => line.endsWith(' init'))
    expect((await typist.typed(person, init)).text).toMatch(/^zQ3sh\w+$/m)
    await typist.typed(typist.person('server'), 'status-stack mailserver --listen 127.0.0.1:0')
  })

  const sections: readonly (readonly [file: string, heading: string])[] = [
    ['README.md', 'In a browser'],
    ['apps/cli/README.md', 'Offline'],
    ['apps/cli/README.md', 'Whisper, Waku or both'],
    ['apps/cli/README.md', 'The messenger in a browser'],
    ['apps/cli/README.md', 'From a browser'],
    ['apps/cli/README.md', 'Run a node'],
    ['apps/cli/README.md', 'Run a mailserver']
  ]
  // The demo has tests of its own; chats are typed above.
  const lines = sections.flatMap(([file, heading]) =>
    asInstalled(blocksBelow(file, heading).flat())
      .filter(line => !isChat(line) && !line.includes(' demo '))
      .map(line => [`${file}, ${heading}`, line] as const)
  )
  test('there are some', () => expect(lines.length).toBeGreaterThan(8))
  test.each(lines)('%s: %s', async (_, line) => {
    const { end } = await typist.typed(person, line)
    await end()
  })
})
