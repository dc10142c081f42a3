/**
 * Datagrams in memory for tests of whole nodes; byte streams in memory are `createMemoryNetwork` of `@status-stack/rlpx/testing`.
 *
 * @packageDocumentation
 */
export { createMemoryDatagrams, type MemoryDatagrams } from './memory-datagrams.ts'
