export { type ComplianceCase, identityKeyCases } from './identity-key-cases.ts'
