export {
  archivePortCases,
  type ComplianceCase,
  type LinkEnds,
  peerLinkCases,
  powSearcherCases,
  schedulerCases
} from './compliance.ts'
export { createRecordedRandom, createSeededRandom, createTestKey } from './keys.ts'
export { createLinkPair, type LinkPair, type LinkPairOptions } from './memory-link.ts'
export { createVirtualTime, type VirtualTime } from './virtual-time.ts'
