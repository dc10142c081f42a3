/** What a setting can be. */
export type SettingValue = string | number | boolean | readonly string[] | undefined

/** One setting: flags, variables, the settings file, its template and the man pages are made of its row. */
export interface SettingKind<T extends SettingValue> {
  /** What it is where nothing says otherwise. */
  readonly fallback: T
  /** Environment variable. */
  readonly variable: string
  /** Key in the TOML file. */
  readonly key: string
  /** What it is for. */
  readonly help: string
  /** Turns what a file or variable holds into a value; undefined when it does not fit. */
  readonly parse: (raw: unknown) => T | undefined
  /** What fits, in words. */
  readonly expected: string
  /** The flag that stands for it in the commands that have it: `--peer <enode>`. That of a list may be repeated. */
  readonly flag?: string
  /** What the help says of the flag. @default `help` */
  readonly flagHelp?: string
  /** All values there are. */
  readonly choices?: readonly string[]
  /** Of a list whose flag is checked when it is read: what one entry is, in words. */
  readonly each?: string
  /** Of which kind its values are, where only the running program knows them. */
  readonly words?: string
  /** Throws for what may not stand in an argument list. */
  readonly checkFlag?: (text: string) => void
}

/** All settings of a program by their names in code. */
export type SettingKinds = Readonly<Record<string, SettingKind<SettingValue>>>

/** The values of all settings. */
export type ValuesOf<Kinds extends SettingKinds> = {
  readonly [K in keyof Kinds]: Kinds[K] extends SettingKind<infer T> ? T : never
}

/**
 * Keeps the type of a row of the table.
 *
 * @example
 * ```ts
 * import { positive, setting } from '@status-stack/command-line/settings'
 *
 * const timeout = setting<number>({
 *   fallback: 30,
 *   variable: 'TOOL_TIMEOUT',
 *   key: 'timeout',
 *   help: 'longest wait, seconds',
 *   parse: positive,
 *   expected: 'a number above 0'
 * })
 * ```
 */
export const setting = <T extends SettingValue>(kind: SettingKind<T>): SettingKind<T> => kind
