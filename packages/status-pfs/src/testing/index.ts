export type { ComplianceCase } from '@status-stack/interface/testing'
export { memorySessionStore } from '../memory-store.ts'
export { sessionStoreCases } from './session-store-cases.ts'
