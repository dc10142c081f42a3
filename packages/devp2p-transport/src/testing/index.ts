export { type ComplianceCase, ComplianceFailure, type LinkFixture, peerLinkCases } from './compliance.ts'
export { type LinkPair, type LinkPairOptions, linkPair } from './link-pair.ts'
export { createMemoryNetwork, type MemoryNetwork } from './memory-network.ts'
export { createVirtualTime, type VirtualTime } from './virtual-time.ts'
