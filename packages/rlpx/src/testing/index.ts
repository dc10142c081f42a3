/**
 * Tests of whole nodes and of carriers: a network in memory, and a peer that breaks the rules. The contract of a link is
 * `peerLinkCases` of `@status-stack/interface/testing`.
 *
 * @packageDocumentation
 */
export { echoCapability, finishEnded, type Opened, openCapability, sinkCapability } from './capabilities.ts'
export { connectedLinks } from './connected-links.ts'
export { once, record, until } from './events.ts'
export { type FuzzOutcome, type FuzzTarget, fuzz, mutate, seededRandom } from './fuzzing.ts'
export { nest, noBytes, noise, rlp, snappy } from './hand-made.ts'
export { hostilePeerCases } from './hostile-peer-cases.ts'
export type { CreateHostileGround, HostileGround } from './hostile-scene.ts'
export { createMemoryNetwork, type MemoryNetwork } from './memory-network.ts'
export { type NonsenseRules, nonsense, outcome, takenNonsense } from './nonsense.ts'
export { createStranger, type Stranger } from './stranger.ts'
