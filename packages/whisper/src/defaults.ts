import { randomBytes } from '@status-stack/crypto'
import type { Clock, Random, WhisperLogger } from './ports.ts'

/** The machine's clock. */
export const systemClock: Clock = Object.freeze({ nowMs: () => Date.now() })

/** The platform's secure generator. */
export const systemRandom: Random = Object.freeze({ bytes: randomBytes })

const nothing = (): void => undefined

export const silentLogger: WhisperLogger = Object.freeze({ debug: nothing, warn: nothing, error: nothing })
