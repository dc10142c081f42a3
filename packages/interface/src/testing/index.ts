/**
 * Compliance cases of the seams, in-memory links and virtual time, for tests of layers and of implementations of a seam.
 *
 * @packageDocumentation
 */
export { type ComplianceCase, ComplianceFailure, check, checkBytes, eventually, rejects } from './case.ts'
export { type DataFixture, dataLayerCases } from './data-layer-cases.ts'
export { createLinkPair, type LinkPair, type LinkPairOptions, type PacketFilter } from './link-pair.ts'
export {
  createLoopbackNetwork,
  type LoopbackInterest,
  type LoopbackNetwork,
  type LoopbackRoute
} from './loopback-network.ts'
export { type LinkFixture, type PeerLinkCasesOptions, peerLinkCases } from './peer-link-cases.ts'
export { type PrivacyFixture, type PrivacyLayerCasesOptions, privacyLayerCases } from './privacy-layer-cases.ts'
export { brokenCases } from './refuses.ts'
export { type SecurityFixture, type SecurityLayerCasesOptions, securityLayerCases } from './security-layer-cases.ts'
export { type SyncFactory, type SyncLayerCasesOptions, syncLayerCases } from './sync-layer-cases.ts'
export { createVirtualTime, type VirtualTime } from './virtual-time.ts'
