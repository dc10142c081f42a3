/**
 * Recorded bytes taken apart layer by layer: frame, packet, envelope, message, sync payload, wrapper, payload.
 *
 * @packageDocumentation
 */
export { createInspector, type Inspection, type Inspector, type InspectorDeps, recognise } from './inspector.ts'
export { identityOf, type Keys, type KnownIdentity } from './keyring.ts'
export { type BlobKind, blobKinds } from './kinds.ts'
export { type InspectLimits, limits } from './limits.ts'
export type { LayerName, Node, Refusal } from './tree.ts'
