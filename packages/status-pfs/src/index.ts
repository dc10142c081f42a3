export {
  type DeviceDescription,
  describe,
  type RecordDescription,
  type SessionDescription
} from './describe.ts'
export { PfsError, type PfsErrorCode } from './errors.ts'
export { limits } from './limits.ts'
export { memorySessionStore } from './memory-store.ts'
export { createNullSealer } from './null-sealer.ts'
export { isInstallationId, type SealerOptions } from './options.ts'
export type { Clock, IdentityKey, Random, SealerDeps, SessionStore, StoredRecord } from './ports.ts'
export { type Protection, protections, strongerProtection } from './protection.ts'
export { type SealEachOptions, type SealProgress, sealEach } from './seal-each.ts'
export { createSealer } from './sealer.ts'
export type { Audience, Device, Effect, OpenFailure, OpenResult, Receipt, Sealer, SealResult } from './types.ts'
