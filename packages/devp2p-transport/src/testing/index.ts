/**
 * A network in memory: byte streams and datagrams for tests of whole nodes. The contract of a link, pairs of links and virtual
 * time are in `@status-stack/interface/testing`.
 *
 * @packageDocumentation
 */
export { createMemoryDatagrams, type MemoryDatagrams } from './memory-datagrams.ts'
export { createMemoryNetwork, type MemoryNetwork } from './memory-network.ts'
