/**
 * Recorded bytes taken apart layer by layer: frame, packet, envelope, message, sync payload, wrapper, payload.
 *
 * @packageDocumentation
 */
export { type Blob, blobsOf, hexOf } from './capture.ts'
export { InspectorError, type InspectorErrorCode } from './errors.ts'
export { createInspector, type Inspection, type Inspector, type InspectorDeps, recognise } from './inspector.ts'
export { identityOf, type Keys, type KnownIdentity } from './keyring.ts'
export { parseKeys } from './keys-text.ts'
export { type BlobKind, blobKinds } from './kinds.ts'
export { type CaptureLimits, captureLimits, type InspectLimits, limits } from './limits.ts'
export type { LayerName, Node, Refusal } from './tree.ts'
