/**
 * X3DH and Double Ratchet over secp256k1 for identities with many devices: who can read a message.
 *
 * @packageDocumentation
 */
export {
  type DeviceDescription,
  describeRecord,
  type RecordDescription,
  type SessionDescription
} from './describe.ts'
export { PfsError, type PfsErrorCode } from './errors.ts'
export { isInstallationId } from './installation-id.ts'
export { limits } from './limits.ts'
export { memorySessionStore } from './memory-store.ts'
export { createNullSealer } from './null-sealer.ts'
export type { SealerOptions } from './options.ts'
export type { Clock, IdentityKey, Random, SealerDeps, SessionStore, StoredRecord } from './ports.ts'
export { type Protection, protections, strongerProtection, weakerProtection } from './protection.ts'
export { createSealer } from './sealer.ts'
export type { Audience, Device, Effect, OpenFailure, OpenResult, Receipt, Sealer, SealResult } from './types.ts'
