import { type ArgumentChecks, createArgumentChecks } from '@status-stack/utils'
import { callerError } from './errors.ts'

/** Checks of arguments at the entrances of this package. */
export const check: ArgumentChecks = createArgumentChecks((message, details) =>
  callerError('invalid-argument', message, details)
)
