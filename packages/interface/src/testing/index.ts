/**
 * Compliance cases of the seams, in-memory links and virtual time, for tests of layers and of implementations of a seam.
 *
 * @packageDocumentation
 */
export { type ComplianceCase, ComplianceFailure, check, checkBytes, eventually, rejects } from './case.ts'
export { createLinkPair, type LinkPair, type LinkPairOptions, type PacketFilter } from './link-pair.ts'
export { type LinkFixture, type PeerLinkCasesOptions, peerLinkCases } from './peer-link-cases.ts'
export { brokenCases } from './refuses.ts'
export { createVirtualTime, type VirtualTime } from './virtual-time.ts'
