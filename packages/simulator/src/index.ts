/**
 * A deterministic network in virtual time for the real relays; `./clients` adds whole messengers, `./presets` experiments.
 *
 * @packageDocumentation
 */
export type { LinkConditions } from './connection.ts'
export { SimulatorError, type SimulatorErrorCode } from './errors.ts'
export { limits } from './limits.ts'
export type { NodeTraffic, PassedPacket } from './network.ts'
export { type Connection, peerIdOf, type SimulatedNode } from './node-connection.ts'
export type { SimulatedRandom } from './random.ts'
export { addWaku, addWhisper, relayDeps } from './relays.ts'
export { type Shrunk, shrinkSchedule } from './shrink.ts'
export { type Churn, createSimulation, type Simulation, type SimulationOptions } from './simulation.ts'
export type { Trace, TraceEvent } from './trace.ts'
