export { memorySessionStore } from '../memory-store.ts'
export { type ComplianceCase, sessionStoreCases } from './session-store-cases.ts'
