import { roff, rows, sentence, values } from './man/roff.ts'
import type { SettingKinds } from './settings/kinds.ts'
import { tomlValue } from './settings/toml.ts'
import type { CommandNode } from './tree.ts'

/** A name, and what it is. */
export type ManRow = readonly [name: string, what: string]

/** What the pages of a program share. */
export interface ManProgram {
  readonly name: string
  readonly version: string
  /** The table of settings: the page of a command names the variables of its flags, the program's own page all of them. */
  readonly kinds: SettingKinds
  /** Variables that every page names behind those. */
  readonly variables: readonly ManRow[]
  /** Files that it reads and writes. */
  readonly files: readonly ManRow[]
  /** What it says with its exit code, in one sentence. */
  readonly exitStatus: string
  /** Title of the page of the settings file, section 5. */
  readonly settingsPage: string
}

/** The variables that stand for the flags of a command; the program's own page has all of them. */
function variablesOf({ path, flags }: CommandNode, { kinds, variables }: ManProgram): readonly ManRow[] {
  const meant = new Set(flags.map(({ setting }) => setting))
  const own = Object.entries(kinds).filter(([name]) => path.length === 0 || meant.has(name))
  return [...own.map(([, { variable, help }]) => [variable, help] as const), ...variables]
}

/** The pages beside this one: of the program, of the group that it is in, of what is below it. */
function related({ path }: CommandNode, below: readonly CommandNode[], program: string): readonly string[] {
  const above = path.map((_, length) => path.slice(0, length))
  return [...above, ...below.map(child => child.path)].map(words => `.BR ${roff([program, ...words].join('-'))} (1)`)
}

/**
 * The man page of one command, section 1. `nodes` are all commands: the page of a group lists those below it.
 *
 * @example
 * ```ts
 * import { commandTree } from '@status-stack/command-line'
 * import { manPage } from '@status-stack/command-line/man'
 * import { Command } from 'commander'
 *
 * const nodes = commandTree(new Command('tool').description('a tool'))
 * const page = nodes.map(node =>
 *   manPage(node, nodes, {
 *     name: 'tool',
 *     version: '1.0.0',
 *     kinds: {},
 *     variables: [],
 *     files: [],
 *     exitStatus: '0 done, 1 failed.',
 *     settingsPage: 'tool-config'
 *   })
 * )
 * ```
 */
export function manPage(node: CommandNode, nodes: readonly CommandNode[], program: ManProgram): string {
  const { name, version, files, exitStatus, settingsPage } = program
  const title = [name, ...node.path].join('-')
  const below = nodes.filter(
    other => other.path.length === node.path.length + 1 && node.path.every((word, i) => other.path[i] === word)
  )
  const described = (font: string, label: string, one: Parameters<typeof sentence>[0]): readonly string[] => [
    '.TP',
    `${font} ${roff(label)}`,
    roff(sentence(one)),
    ...values(one)
  ]
  const lines = [
    `.TH ${roff(title.toUpperCase())} 1 "" "${name} ${version}" "User Commands"`,
    '.SH NAME',
    `${roff(title)} \\- ${roff(node.description)}`,
    '.SH SYNOPSIS',
    `.B ${roff(node.usage)}`,
    ...(node.positions.length === 0
      ? []
      : ['.SH ARGUMENTS', ...node.positions.flatMap(one => described('.I', one.name, one))]),
    '.SH OPTIONS',
    ...node.flags.flatMap(flag => described('.B', flag.usage, flag)),
    ...(below.length === 0
      ? []
      : [
          '.SH COMMANDS',
          ...rows(
            '.B',
            below.map(child => [child.path.join(' '), child.description] as const)
          )
        ]),
    ...(node.examples === '' ? [] : ['.SH EXAMPLES', '.nf', roff(node.examples), '.fi']),
    '.SH EXIT STATUS',
    exitStatus,
    '.SH ENVIRONMENT',
    ...rows('.B', variablesOf(node, program)),
    '.SH FILES',
    ...rows('.I', files),
    '.SH SEE ALSO',
    [...related(node, below, name), `.BR ${roff(settingsPage)} (5)`].join(' ,\n')
  ]
  return `${lines.join('\n')}\n`
}

/** What the page of the settings file says besides its settings. */
export interface SettingsPage {
  /** Where the file is. */
  readonly synopsis: string
  /** How it is written, and which of several values is in force. */
  readonly description: readonly string[]
  readonly example: string
  /** Pages of section 1 beside it. */
  readonly related: readonly string[]
}

/** The page of the settings file, section 5. What is written about each setting is its row of the table. */
export function settingsManPage(program: ManProgram, page: SettingsPage): string {
  const { name, version, kinds, files, settingsPage } = program
  const settings = Object.values(kinds).flatMap(kind => [
    '.TP',
    `.B ${roff(kind.key)}`,
    roff(`${kind.help}.`),
    roff(`Expects ${kind.expected}. Default: ${kind.fallback === undefined ? 'not set' : tomlValue(kind.fallback)}.`),
    '.br',
    roff(`${kind.flag === undefined ? 'Variable' : `Flag ${kind.flag}, variable`} ${kind.variable}.`)
  ])
  const lines = [
    `.TH ${roff(settingsPage.toUpperCase())} 5 "" "${name} ${version}" "File Formats"`,
    '.SH NAME',
    `${roff(settingsPage)} \\- the settings file of ${roff(name)}`,
    '.SH SYNOPSIS',
    roff(page.synopsis),
    '.SH DESCRIPTION',
    ...page.description.map(roff),
    '.SH SETTINGS',
    ...settings,
    '.SH FILES',
    ...rows('.I', files),
    '.SH EXAMPLES',
    '.nf',
    roff(page.example),
    '.fi',
    '.SH SEE ALSO',
    page.related.map(title => `.BR ${roff(title)} (1)`).join(' ,\n')
  ]
  return `${lines.join('\n')}\n`
}
