export { type FaultPlan, type FaultyDatabase, faultyDatabase } from './faults.ts'
export { type LinkPair, linkPair, type PacketFilter } from './links.ts'
export { accountLockCases, type ComplianceCase } from './lock-cases.ts'
