export type { ComplianceCase } from '@status-stack/interface/testing'
export { randomCases, signerCases } from './port-cases.ts'
