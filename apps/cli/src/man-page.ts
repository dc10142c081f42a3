import type { CommandNode } from './command-tree.ts'
import { tomlValue } from './config-file.ts'
import { settingKinds } from './setting-kinds.ts'
import type { SettingKind, SettingValue } from './setting-values.ts'

/** roff gives a meaning to backslashes, to hyphens and to dots and quotes that begin a line. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .split('\n')
    .map(line => (/^[.']/.test(line) ? `\\&${line}` : line))
    .join('\n')
}

/** What a flag or an argument may be, and what it is when it is left out. */
function values({
  choices,
  fallback
}: {
  readonly choices: readonly string[]
  readonly fallback?: string | undefined
}) {
  return [
    ...(choices.length > 0 ? [roff(`One of: ${choices.join(', ')}.`)] : []),
    ...(fallback === undefined ? [] : [roff(`Default: ${fallback}.`)])
  ]
}

/** What it says stands as a sentence of its own where more follows. */
const sentence = ({ description, ...of }: Parameters<typeof values>[0] & { readonly description: string }): string =>
  values(of).length > 0 && !/[.!?]$/.test(description) ? `${description}.` : description

const general: readonly (readonly [string, string])[] = [
  ['STATUS_STACK_CONFIG', 'the settings file, instead of the one below'],
  ['STATUS_STACK_PASSWORD', 'the password, where no file with it is named']
]

const files: readonly (readonly [string, string])[] = [
  ['$XDG_CONFIG_HOME/status-stack/config.toml', 'settings; ~/.config where the variable is not set'],
  [
    '$XDG_DATA_HOME/status-stack/PROFILE/',
    'a profile: its account and its database; ~/.local/share where the variable is not set'
  ],
  [
    '$XDG_CACHE_HOME/status-stack/',
    'compiled code of the program, with Node 22.8 and newer; ~/.cache where the variable is not set'
  ]
]

/** The variables that stand for the flags of a command; the program's own page has all of them. */
function variablesOf({ path, flags }: CommandNode): readonly (readonly [string, string])[] {
  const meant = new Set(flags.map(({ setting }) => setting))
  const kinds = Object.entries(settingKinds).filter(([name]) => path.length === 0 || meant.has(name))
  return [...kinds.map(([, { variable, help }]) => [variable, help] as const), ...general]
}

/** The pages beside this one: of the program, of the group that it is in, of what is below it. */
function related({ path }: CommandNode, below: readonly CommandNode[], programName: string): readonly string[] {
  const above = path.map((_, length) => path.slice(0, length))
  return [...above, ...below.map(child => child.path)].map(
    words => `.BR ${roff([programName, ...words].join('-'))} (1)`
  )
}

/** The man page of one command, section 1. `nodes` are all commands: the program's own page lists them. */
export function manPage(
  node: CommandNode,
  nodes: readonly CommandNode[],
  programName: string,
  version: string
): string {
  const title = [programName, ...node.path].join('-')
  const lines = [
    `.TH ${roff(title.toUpperCase())} 1 "" "${programName} ${version}" "User Commands"`,
    '.SH NAME',
    `${roff(title)} \\- ${roff(node.description)}`,
    '.SH SYNOPSIS',
    `.B ${roff(node.usage)}`,
    '.SH OPTIONS',
    ...node.flags.flatMap(flag => ['.TP', `.B ${roff(flag.usage)}`, roff(sentence(flag)), ...values(flag)])
  ]
  if (node.positions.length > 0) {
    const rows = node.positions.flatMap(one => ['.TP', `.I ${roff(one.name)}`, roff(sentence(one)), ...values(one)])
    lines.splice(lines.indexOf('.SH OPTIONS'), 0, '.SH ARGUMENTS', ...rows)
  }
  const below = nodes.filter(
    other => other.path.length === node.path.length + 1 && node.path.every((word, i) => other.path[i] === word)
  )
  if (below.length > 0) {
    lines.push(
      '.SH COMMANDS',
      ...below.flatMap(child => ['.TP', `.B ${roff(child.path.join(' '))}`, roff(child.description)])
    )
  }
  if (node.examples !== '') lines.push('.SH EXAMPLES', '.nf', roff(node.examples), '.fi')
  lines.push(
    '.SH EXIT STATUS',
    '0 done, 1 failed, 2 wrong arguments, 3 password, 4 no peer, 5 profile in use, 6 profile missing or damaged, 7 not acknowledged in time, 8 disk full, 130 interrupted.',
    '.SH ENVIRONMENT',
    ...variablesOf(node).flatMap(([name, what]) => ['.TP', `.B ${roff(name)}`, roff(what)]),
    '.SH FILES',
    ...files.flatMap(([name, what]) => ['.TP', `.I ${roff(name)}`, roff(what)]),
    '.SH SEE ALSO',
    [...related(node, below, programName), `.BR ${roff(configPage)} (5)`].join(' ,\n')
  )
  return `${lines.join('\n')}\n`
}

/** The page of the settings file, section 5. */
export const configPage = 'status-stack-config'

/** What is written about each setting is its row of the table. */
export function configManPage(programName: string, version: string): string {
  const settings = Object.values<SettingKind<SettingValue>>(settingKinds).flatMap(kind => [
    '.TP',
    `.B ${roff(kind.key)}`,
    roff(`${kind.help}.`),
    roff(`Expects ${kind.expected}. Default: ${kind.fallback === undefined ? 'not set' : tomlValue(kind.fallback)}.`),
    '.br',
    roff(`${kind.flag === undefined ? 'Variable' : `Flag ${kind.flag}, variable`} ${kind.variable}.`)
  ])
  return `${[
    `.TH ${roff(configPage.toUpperCase())} 5 "" "${programName} ${version}" "File Formats"`,
    '.SH NAME',
    `${roff(configPage)} \\- the settings file of ${roff(programName)}`,
    '.SH SYNOPSIS',
    roff('$XDG_CONFIG_HOME/status-stack/config.toml'),
    '.SH DESCRIPTION',
    roff(
      'The file is TOML: a setting a line, behind # what people note down. A setting in a table [profiles.NAME] holds for that profile alone, and wins over the same one above the tables.'
    ),
    roff(
      'A flag wins over the variable of the environment, that over the file, and the file over the default. status-stack config show --origin says what is in force, and why; config template prints a file with all settings; config set changes one.'
    ),
    '.SH SETTINGS',
    ...settings,
    '.SH FILES',
    ...files.flatMap(([name, what]) => ['.TP', `.I ${roff(name)}`, roff(what)]),
    '.SH EXAMPLES',
    '.nf',
    roff(
      'peers = ["enode://…@relay.example.org:30303"]\n\n[profiles.work]\nmailservers = ["enode://…@mail.example.org:30303"]'
    ),
    '.fi',
    '.SH SEE ALSO',
    `.BR ${roff(programName)} (1) ,`,
    `.BR ${roff(`${programName}-config-show`)} (1)`
  ].join('\n')}\n`
}
