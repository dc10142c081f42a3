import { type ArgumentChecks, createArgumentChecks } from '@status-stack/utils'
import { PfsError } from './errors.ts'

/** Argument checks of the public entrances. @throws PfsError `invalid-argument`, origin `caller` */
export const check: ArgumentChecks = /* @__PURE__ */ createArgumentChecks(
  (message, details) => new PfsError('invalid-argument', message, { origin: 'caller', details })
)
