export type { ComplianceCase } from '@status-stack/interface/testing'
export { identityKeyCases } from './identity-key-cases.ts'
