import { Argument, type Command, type Option } from 'commander'
import { setWordKind } from './word-kinds.ts'

/** What the work of a command gets: `Shared` is what the program hands to every command. */
export type Context<Options extends object, Shared extends object> = Shared & {
  /** Its own flags. */
  readonly options: Options
  /** Its positional arguments. */
  readonly args: readonly string[]
  /** The whole command tree, for what is made from it. */
  readonly program: Command
}

/** Runs the work of a command: what all commands share is made before. */
export type Runner<Shared extends object> = (
  command: Command,
  work: (context: Context<never, Shared>) => Promise<void>
) => Promise<void>

/** One command, or a group of them, on its way into the tree. */
export type Definition<Shared extends object> = (parent: Command, run: Runner<Shared>) => Command

/** A positional argument: `<who>`, `[text]`, `[files...]`, what it is, and perhaps the values there are, or of which kind they are. */
export type Position<Words extends string = string> = readonly [
  usage: string,
  description: string,
  choices?: readonly string[] | Words
]

/** A line of the help: what it does, and what to type behind the name of the program. */
export type Example = readonly [what: string, command: string]

/** One command: what the help says of it, and what it does. */
export interface CommandSpec<Options extends object, Kit, Shared extends object, Words extends string> {
  readonly name: string
  readonly summary: string
  readonly positions?: readonly Position<Words>[]
  readonly flags?: readonly Option[]
  /** Lines of the help in front of the examples. */
  readonly more?: readonly string[]
  readonly examples?: readonly Example[]
  /** Not in the help. */
  readonly hidden?: boolean
  /** What its group does without a word behind it. */
  readonly isDefault?: boolean
  /** Modules that only its work needs: they are loaded when it runs, so that every other command starts without them. */
  readonly load?: () => Promise<Kit>
  readonly run: (context: Context<Options, Shared>, kit: Kit) => Promise<void>
}

/** Commands below one word. */
export interface GroupSpec<Shared extends object> {
  readonly name: string
  readonly summary: string
  readonly examples: readonly Example[]
  readonly commands: readonly Definition<Shared>[]
}

/**
 * How the commands of one program are defined: `Shared` is what each of them gets, `Words` are the kinds of values that the program is
 * asked for when a shell completes a line.
 *
 * @example
 * ```ts
 * import { definitions } from '@status-stack/command-line'
 *
 * const { defineCommand } = definitions<{ readonly print: (line: string) => void }, 'files'>()
 * const hello = defineCommand({
 *   name: 'hello',
 *   summary: 'greet somebody',
 *   positions: [['<name>', 'whom']],
 *   examples: [['the world', 'hello world']],
 *   run: async ({ print, args: [name] }) => print(`hello, ${name}`)
 * })
 * ```
 */
export function definitions<Shared extends object, Words extends string = never>() {
  return {
    /** One command. */
    defineCommand: <Options extends object = object, Kit = unknown>(
      spec: CommandSpec<Options, Kit, Shared, Words>
    ): Definition<Shared> => addCommand(spec),
    /** Commands below one word. */
    defineGroup: (spec: GroupSpec<Shared>): Definition<Shared> => addGroup(spec)
  }
}

function addCommand<Options extends object, Kit, Shared extends object, Words extends string>(
  spec: CommandSpec<Options, Kit, Shared, Words>
): Definition<Shared> {
  const { name, summary, positions = [], flags = [], more = [], examples = [] } = spec
  const { hidden = false, isDefault = false } = spec
  return (parent, run) => {
    const command = parent.command(name, { hidden, isDefault }).description(summary)
    for (const [usage, description, choices] of positions) {
      const argument = new Argument(usage, description)
      if (typeof choices === 'string') setWordKind(argument, choices)
      else if (choices !== undefined) argument.choices([...choices])
      command.addArgument(argument)
    }
    for (const option of flags) command.addOption(option)
    if (more.length > 0) command.addHelpText('after', `\n${more.join('\n  ')}`)
    if (examples.length > 0) command.addHelpText('after', examplesText(programOf(parent), examples))
    return command.action(() => run(command, async context => spec.run(context, (await spec.load?.()) as Kit)))
  }
}

function addGroup<Shared extends object>(spec: GroupSpec<Shared>): Definition<Shared> {
  return (parent, run) => {
    const group = parent.command(spec.name).description(spec.summary)
    group.addHelpText('after', examplesText(programOf(parent), spec.examples))
    for (const define of spec.commands) define(group, run)
    return group
  }
}

const programOf = (command: Command): Command => (command.parent === null ? command : programOf(command.parent))

/** The last part of a command's help. */
export function examplesText(program: Command, list: readonly Example[]): string {
  const width = Math.max(...list.map(([, command]) => command.length))
  const lines = list.map(([what, command]) => `  ${program.name()} ${command.padEnd(width)}   ${what}`)
  return `\nExamples:\n${lines.join('\n')}\n`
}

/** Several modules as one kit. */
export async function modules<A extends object, B extends object, C extends object = object>(
  ...parts: readonly [Promise<A>, Promise<B>, Promise<C>?]
): Promise<A & B & C> {
  const [a, b, c] = await Promise.all(parts)
  return { ...a, ...b, ...(c as C) }
}
