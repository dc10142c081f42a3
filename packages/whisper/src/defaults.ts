import { randomBytes } from '@status-stack/crypto'
import type { Clock, Logger, Random } from './ports.ts'

/** The machine's clock. */
export const systemClock: Clock = Object.freeze({ nowMs: () => Date.now() })

/** The platform's secure generator. */
export const systemRandom: Random = Object.freeze({ bytes: randomBytes })

const nothing = (): void => undefined

export const silentLogger: Logger = Object.freeze({ debug: nothing, warn: nothing, error: nothing })
