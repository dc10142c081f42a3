export type { ComplianceCase } from '@status-stack/interface/testing'
export { memorySyncStore } from '../memory-store.ts'
export { syncStoreCases } from './store-cases.ts'
