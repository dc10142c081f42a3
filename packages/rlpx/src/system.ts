import { randomBytes } from '@status-stack/crypto'
import type { Clock, Random } from '@status-stack/interface'

export { systemScheduler } from '@status-stack/utils'

/** The system's clock. */
export const systemClock: Clock = Object.freeze({ nowMs: () => Date.now() })

/** The operating system's generator. */
export const systemRandom: Random = Object.freeze({ bytes: randomBytes })
