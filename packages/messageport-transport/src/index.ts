/**
 * Peer links over a `MessagePort`: two tabs, a page and its worker, two threads.
 *
 * @packageDocumentation
 */
export { MessagePortError, type MessagePortErrorCode } from './errors.ts'
export { limits } from './limits.ts'
export { type MessagePortLinkOptions, messagePortLink, type PortLike } from './link.ts'
