export { memorySyncStore } from '../memory-store.ts'
export { type ComplianceCase, syncStoreCases } from './store-cases.ts'
