import { parseMoment } from '@status-stack/account-rpc/methods'
import { isOrigin, isPageOrigin } from './origins.ts'

export type SettingValue = string | number | boolean | readonly string[] | undefined

export interface SettingKind<T extends SettingValue> {
  readonly fallback: T
  /** Environment variable. */
  readonly variable: string
  /** Key in the TOML file; below `[profiles.NAME]` it holds for one profile. */
  readonly key: string
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
  /** @throws CliError for what may not stand in an argument list */
  readonly checkFlag?: (text: string) => void
}

/** Keeps the type of a row of the table. */
export const setting = <T extends SettingValue>(kind: SettingKind<T>): SettingKind<T> => kind

// How what a file or a variable holds becomes a value; undefined when it does not fit.

export const text = (raw: unknown): string | undefined => (typeof raw === 'string' && raw !== '' ? raw : undefined)
export const texts = (raw: unknown): readonly string[] | undefined => {
  const list = typeof raw === 'string' ? raw.split(/[\s,]+/).filter(part => part !== '') : raw
  return Array.isArray(list) && list.every(part => typeof part === 'string') ? list : undefined
}
/**
 * Whether a text has the form of a node's address. What no form tells, that its key is a point of the curve for one, is checked
 * where it is dialed: the settings are read by every command, and most of them need no code for that.
 */
const nodeForm = /^(enode:\/\/|wss?:\/\/)[0-9a-f]{128}(:[^@/]*)?@[^\s@/?#]+$/i
const isNode = (text: string): boolean => {
  const [address = ''] = text.split('?')
  const carried = /^wss?:/i.test(address)
  const node = carried ? address.replace(/^(wss?:\/\/[^/]*)\/.*$/i, '$1') : address
  const port = /:(\d{1,5})$/.exec(node.slice(node.lastIndexOf('@')))?.[1]
  return nodeForm.test(node) && (port === undefined ? carried : Number(port) <= 65_535)
}
/** Nodes to connect to. */
export const nodes = (raw: unknown): readonly string[] | undefined => {
  const list = texts(raw)
  return list?.every(isNode) ? list : undefined
}
/** What `nodes` takes, in words. */
export const nodesExpected = 'a list of URLs like enode://<128 hex digits>@host:port'

export const positive = (raw: unknown): number | undefined => {
  const value = typeof raw === 'string' ? Number(raw) : raw
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined
}
export const notNegative = (raw: unknown): number | undefined => {
  const value = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}
/** How long ago, or a date; Unix seconds. */
export const past = (raw: unknown): number | undefined =>
  typeof raw === 'string' ? parseMoment(raw, Date.now()) : undefined
export const whole =
  (low: number, high: number) =>
  (raw: unknown): number | undefined => {
    const value = typeof raw === 'string' && raw !== '' ? Number(raw) : raw
    return typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high ? value : undefined
  }
export const origins = (raw: unknown): readonly string[] | undefined => {
  const list = texts(raw)
  return list?.every(isOrigin) ? list : undefined
}
/** As browsers write them, or `*` for all. */
export const peerOrigins = (raw: unknown): readonly string[] | undefined => {
  const list = texts(raw)
  return list?.every(isPageOrigin) ? list : undefined
}
/** A flag that is there, `on` and TOML's `true` mean the same. */
export const onOff = (raw: unknown): 'on' | 'off' | undefined =>
  raw === true || raw === 'on' ? 'on' : raw === false || raw === 'off' ? 'off' : undefined
export const oneOf =
  <T extends string>(...values: readonly T[]) =>
  (raw: unknown): T | undefined =>
    values.find(value => value === raw)
