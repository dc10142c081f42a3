export { type ComplianceCase, envelopeStoreCases, mostInChunk, type StoreFactory } from './compliance.ts'
