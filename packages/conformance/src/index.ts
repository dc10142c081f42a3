export { adapters } from './adapters/index.ts'
export { runConformance } from './conformance.ts'
export * from './runner.ts'
