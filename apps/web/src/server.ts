/**
 * Serves the page on the machine of its user, over an HTTP server of its own: its files from memory, the name of a node, and that node's
 * WebSocket. Node only.
 *
 * @packageDocumentation
 */
export { serverLimits } from './server/limits.ts'
export { type PageFile, readPageFiles } from './server/page-files.ts'
export { originsOf, type PageContent, type PageServer, servePage } from './server/page-server.ts'
