export { type ComplianceCase, randomCases, signerCases } from './port-cases.ts'
