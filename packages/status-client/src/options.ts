import { callerError, check } from './errors.ts'
import type { PolicyLevel } from './types.ts'

/** All values a program may set. Each is checked once, by `resolveOptions`. */
export interface ClientOptions {
  /** Name of this device for a new store; a random UUID otherwise. Never reuse one. @default random */
  readonly installationId?: string | undefined
  /** Sends through data sync: retried until a device acknowledges. Off sends once; receiving always unwraps. @default true */
  readonly sync?: boolean | undefined
  /** Sends with X3DH and Double Ratchet. `off` leaves confidentiality to the transport and says so on each message. @default 'on' */
  readonly pfs?: 'on' | 'off' | undefined
  /** Least protection of one-to-one and group traffic unless a contact has a minimum of its own. @default 'auto' */
  readonly minimum?: PolicyLevel | undefined
  /** Posts our contact code by itself. @default true */
  readonly publishContactCode?: boolean | undefined
  /** Milliseconds after start until the first contact code. @default 120 000; 0…86 400 000 */
  readonly contactCodeDelayMs?: number | undefined
  /** Milliseconds between contact codes. @default 21 600 000; 60 000…604 800 000 */
  readonly contactCodeIntervalMs?: number | undefined
  /** Peer ids of the mailservers we trust, best first. @default none */
  readonly mailservers?: readonly string[] | undefined
  /** Passwords of mailservers that have one of their own, by peer id. @default the Whisper node's `mailserverPassword` */
  readonly mailserverPasswords?: Readonly<Record<string, string>> | undefined
  /** Asks the mailservers for what was missed, at start and for each new topic. @default true when there are mailservers */
  readonly autoHistory?: boolean | undefined
  /** How far back a new topic is asked for, seconds. @default 86 400; 60…2 592 000 */
  readonly historySeconds?: number | undefined
  /** Seconds by which ranges overlap: envelopes are archived late and clocks differ. @default 150; 0…3600 */
  readonly historyOverlapSeconds?: number | undefined
  /** Envelopes per page. @default 100; 1…1000 */
  readonly historyPageLimit?: number | undefined
  /** Messages kept per chat; older ones are deleted. @default 100 000; 10…10 000 000 */
  readonly messagesPerChat?: number | undefined
  /** Keeps messages, and what was said of messages that have not come, this long, milliseconds; 0 keeps them for ever. @default 0 */
  readonly messageAgeMs?: number | undefined
  /** Shows first messages of strangers apart, until accepted. @default true */
  readonly messageRequests?: boolean | undefined
  /** Asks for the account lock at start. @default true */
  readonly lockAccount?: boolean | undefined
  /** Runs sync's clock and our own timers. Off leaves them to `tick` (tests, simulator). @default true */
  readonly timers?: boolean | undefined
  /** Milliseconds of one sync epoch. @default 300; 10…60 000 */
  readonly syncTickMs?: number | undefined
  /** First retry of an unacknowledged message, milliseconds. @default 30 000; 100…3 600 000 */
  readonly syncRetryMs?: number | undefined
  /** Gives a message up after this age, milliseconds. @default 2 592 000 000 (30 days) */
  readonly syncGiveUpMs?: number | undefined
}

export interface ResolvedOptions {
  readonly sync: boolean
  readonly pfs: 'on' | 'off'
  readonly minimum: PolicyLevel
  readonly publishContactCode: boolean
  readonly contactCodeDelayMs: number
  readonly contactCodeIntervalMs: number
  readonly mailservers: readonly string[]
  readonly mailserverPasswords: ReadonlyMap<string, string>
  readonly autoHistory: boolean
  readonly historySeconds: number
  readonly historyOverlapSeconds: number
  readonly historyPageLimit: number
  readonly messagesPerChat: number
  readonly messageAgeMs: number
  readonly messageRequests: boolean
  readonly lockAccount: boolean
  readonly timers: boolean
  readonly syncTickMs: number
  readonly syncRetryMs: number
  readonly syncGiveUpMs: number
}

const day = 86_400_000

/** @throws ClientError `invalid-argument` naming the option, its range and what came. */
export function resolveOptions(options: ClientOptions): ResolvedOptions {
  const number = (name: keyof ClientOptions, fallback: number, least: number, most: number): number => {
    const value = options[name]
    if (value === undefined) return fallback
    check.number(name, value, least, most)
    return value
  }
  const oneOf = <T extends string>(name: keyof ClientOptions, fallback: T, values: readonly T[]): T => {
    const value = options[name]
    if (value === undefined) return fallback
    check.oneOf(name, value, values)
    return value
  }
  const flag = (name: keyof ClientOptions, fallback: boolean): boolean => {
    const value = options[name]
    if (value === undefined) return fallback
    check.boolean(name, value)
    return value
  }
  const { installationId, mailservers = [], mailserverPasswords: passwords = {} } = options
  if (installationId !== undefined) check.text('installationId', installationId, 128)
  check.array('mailservers', mailservers)
  for (const peer of mailservers) {
    check.text('mailservers', peer)
    if (!/^[0-9a-f]{64}$/.test(peer)) {
      throw callerError('invalid-argument', 'mailservers: expected peer ids of 64 lower-case hex digits', {
        argument: 'mailservers'
      })
    }
  }
  check.object('mailserverPasswords', passwords)
  const mailserverPasswords = new Map(Object.entries(passwords))
  for (const [peer, password] of mailserverPasswords) {
    if (!mailservers.includes(peer) || typeof password !== 'string' || password === '') {
      throw callerError(
        'invalid-argument',
        'mailserverPasswords: expected strings, keyed by the peer ids of `mailservers`',
        { argument: 'mailserverPasswords' }
      )
    }
  }
  const resolved: ResolvedOptions = {
    sync: flag('sync', true),
    pfs: oneOf('pfs', 'on', ['on', 'off']),
    minimum: oneOf<PolicyLevel>('minimum', 'auto', ['auto', 'forward-secret', 'static-key', 'any']),
    publishContactCode: flag('publishContactCode', true),
    contactCodeDelayMs: number('contactCodeDelayMs', 120_000, 0, day),
    contactCodeIntervalMs: number('contactCodeIntervalMs', 21_600_000, 60_000, 7 * day),
    mailservers: Object.freeze([...mailservers]),
    mailserverPasswords,
    autoHistory: flag('autoHistory', true),
    historySeconds: number('historySeconds', 86_400, 60, 2_592_000),
    historyOverlapSeconds: number('historyOverlapSeconds', 150, 0, 3600),
    historyPageLimit: number('historyPageLimit', 100, 1, 1000),
    messagesPerChat: number('messagesPerChat', 100_000, 10, 10_000_000),
    messageAgeMs: number('messageAgeMs', 0, 0, Number.MAX_SAFE_INTEGER),
    messageRequests: flag('messageRequests', true),
    lockAccount: flag('lockAccount', true),
    timers: flag('timers', true),
    syncTickMs: number('syncTickMs', 300, 10, 60_000),
    syncRetryMs: number('syncRetryMs', 30_000, 100, 3_600_000),
    syncGiveUpMs: number('syncGiveUpMs', 30 * day, 1000, 365 * day)
  }
  check.options('options', options, ['installationId', ...Object.keys(resolved)])
  return Object.freeze(resolved)
}
