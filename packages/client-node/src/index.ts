/**
 * A messenger on the network as one value: the client of an account, the host of its connections, discovery and mailservers. Node only.
 *
 * @packageDocumentation
 */
export { RelayError, type RelayErrorCode } from '@status-stack/relay-node'
export { ClientError, type ClientErrorCode } from '@status-stack/status-client'
export { type ClientNode, type ClientNodeEvents, createClientNode } from './client-node.ts'
export type { MailserverWait } from './mailserver-wait.ts'
export type { ClientNodeDeps, ClientNodeOptions, MailserverOption } from './options.ts'
