import type { Command } from 'commander'

export interface Flag {
  readonly name: string
  /** As the help shows it: `--peer <enode>`. */
  readonly usage: string
  readonly description: string
  readonly takesValue: boolean
  readonly choices: readonly string[]
}

/** An argument without a flag: `<shell>`. */
export interface Position {
  readonly name: string
  readonly choices: readonly string[]
}

/** A visible command, as completions and man pages need it. */
export interface CommandNode {
  /** Words that lead to it: `config show`; empty for the program itself. */
  readonly path: readonly string[]
  readonly description: string
  readonly usage: string
  readonly children: readonly string[]
  readonly flags: readonly Flag[]
  /** Positional arguments, in order. */
  readonly positions: readonly Position[]
  /** What the help shows behind the flags. */
  readonly examples: string
}

/** Every visible command below and including the program, with the flags that hold for all. */
export function commandTree(program: Command): readonly CommandNode[] {
  const shared = flagsOf(program)
  const nodes: CommandNode[] = []
  const visit = (command: Command, path: readonly string[]): void => {
    const children = program
      .createHelp()
      .visibleCommands(command)
      .filter(child => child.name() !== 'help')
    nodes.push({
      path,
      description: command.description(),
      usage: [program.name(), ...path, command.usage()].join(' ').trim(),
      children: children.map(child => child.name()),
      positions: command.registeredArguments.map(one => ({ name: one.name(), choices: one.argChoices ?? [] })),
      flags: command === program ? shared : [...flagsOf(command), ...shared],
      examples: examplesOf(command)
    })
    for (const child of children) visit(child, [...path, child.name()])
  }
  visit(program, [])
  return nodes
}

function flagsOf(command: Command): readonly Flag[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .filter(option => option.long !== undefined && option.long !== '--help')
    .map(option => ({
      name: option.long ?? '',
      usage: option.flags,
      description: option.description,
      takesValue: option.required || option.optional,
      choices: option.argChoices ?? []
    }))
}

/** Texts added behind the help are printed, not kept: they are caught by printing the help. */
function examplesOf(command: Command): string {
  let printed = ''
  const streams = command.configureOutput()
  command.configureOutput({
    ...streams,
    writeOut: text => {
      printed += text
    }
  })
  command.outputHelp()
  command.configureOutput(streams)
  return printed.split('Examples:\n')[1]?.trimEnd() ?? ''
}
