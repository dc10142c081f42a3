/**
 * The messenger over layers of the caller's choice; imports none of them.
 *
 * @packageDocumentation
 */
export { composeClient } from './client.ts'
export type { Client } from './client-types.ts'
export type { ComposeDeps } from './composition/deps.ts'
export type { LayerHost, Layers, SecurityLayers, SyncTimes } from './composition/layers.ts'
export type { ClientOptions } from './options.ts'
export type { SessionStore } from './storage/stores/session-store.ts'
export type { SyncStore } from './storage/stores/sync-store.ts'
