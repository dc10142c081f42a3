// The cases and fixtures of the seams, for tests that import them from here.
export {
  type ComplianceCase,
  createLinkPair,
  createVirtualTime,
  type LinkFixture,
  type LinkPair,
  type LinkPairOptions,
  peerLinkCases,
  type VirtualTime
} from '@status-stack/interface/testing'
export { archivePortCases, powSearcherCases } from './compliance.ts'
export { createRecordedRandom, createSeededRandom, createTestKey } from './keys.ts'
