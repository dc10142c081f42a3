import { Argument, type Command, type Option } from 'commander'
import type { Globals } from './globals.ts'
import type { Output } from './output.ts'
import { setWordKind, type WordKind } from './word-kinds.ts'

/** What the work of a command gets. */
export interface Context<Options extends object = object> {
  /** Its own flags. */
  readonly options: Options
  readonly globals: Globals
  readonly output: Output
  /** Its positional arguments. */
  readonly args: readonly string[]
  /** The whole command tree, for what is made from it. */
  readonly program: Command
}

/** Runs the work of a command: settings are resolved and the output is made before. */
export type Runner = (command: Command, work: (context: Context<never>) => Promise<void>) => Promise<void>

/** One command, or a group of them, on its way into the tree. */
export type Definition = (parent: Command, run: Runner) => Command

/** A positional argument: `<who>`, `[text]`, `[files...]`, what it is, and perhaps the values there are, or of which kind they are. */
export type Position = readonly [usage: string, description: string, choices?: readonly string[] | WordKind]

/** A line of the help: what it does, and what to type behind `status-stack`. */
type Example = readonly [what: string, command: string]

interface CommandSpec<Options extends object, Kit> {
  readonly name: string
  readonly summary: string
  readonly positions?: readonly Position[]
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
  readonly run: (context: Context<Options>, kit: Kit) => Promise<void>
}

/** One command: what the help says, and what it does. */
export function defineCommand<Options extends object = object, Kit = unknown>(
  spec: CommandSpec<Options, Kit>
): Definition {
  const {
    name,
    summary,
    positions = [],
    flags = [],
    more = [],
    examples = [],
    hidden = false,
    isDefault = false
  } = spec
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
    if (examples.length > 0) command.addHelpText('after', examplesText(examples))
    return command.action(() => run(command, async context => spec.run(context, (await spec.load?.()) as Kit)))
  }
}

/** Commands below one word. */
export function defineGroup(spec: {
  readonly name: string
  readonly summary: string
  readonly examples: readonly Example[]
  readonly commands: readonly Definition[]
}): Definition {
  return (parent, run) => {
    const group = parent.command(spec.name).description(spec.summary)
    group.addHelpText('after', examplesText(spec.examples))
    for (const define of spec.commands) define(group, run)
    return group
  }
}

/** The last part of a command's help; the tests run what can be run. */
export function examplesText(list: readonly Example[]): string {
  const width = Math.max(...list.map(([, command]) => command.length))
  return `\nExamples:\n${list.map(([what, command]) => `  status-stack ${command.padEnd(width)}   ${what}`).join('\n')}\n`
}

/** Several modules as one kit. */
export async function modules<A extends object, B extends object, C extends object = object>(
  ...parts: readonly [Promise<A>, Promise<B>, Promise<C>?]
): Promise<A & B & C> {
  const [a, b, c] = await Promise.all(parts)
  return { ...a, ...b, ...(c as C) }
}
