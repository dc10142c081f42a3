/**
 * Opening ports in the router of the local network: UPnP (IGD versions 1 and 2) and NAT-PMP.
 *
 * @packageDocumentation
 */
export { findGateway, type Gateway } from './gateway.ts'
export { createNat } from './nat.ts'
export { type NatSpec, parseNat } from './spec.ts'
export type { FindMappers, Mapping, Nat, NatDeps, NatOptions, PortMapper } from './types.ts'
