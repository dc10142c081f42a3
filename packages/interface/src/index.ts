/**
 * The seams of the stack: what each layer offers and needs, as types, and the base class of all errors.
 *
 * @packageDocumentation
 */
export { type ErrorOrigin, isStackError, StackError, type StackErrorOptions } from './error.ts'
export type { Packet, PeerLink } from './link.ts'
export type { Clock, IdentityKey, LogFacts, Logger, Random, Scheduler } from './ports.ts'
export type { Arrival, Audience, Destination, Effect, Guarantee, Protection } from './protection.ts'
