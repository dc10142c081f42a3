import type { Clock, Logger } from '@status-stack/interface'

/** The machine's clock. */
export const systemClock: Clock = Object.freeze({ nowMs: () => Date.now() })

const nothing = (): void => undefined

/** What this package says: a peer that left at `debug`, a store that failed at `error`. */
export type MailserverLogger = Pick<Logger, 'debug' | 'error'>

export const silentLogger: MailserverLogger = Object.freeze({ debug: nothing, error: nothing })
