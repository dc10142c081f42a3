/**
 * For packages that bring a carrier: errors, argument checks, rules about addresses.
 *
 * @packageDocumentation
 */
export { checkPositive, checkPrivateKey, checkPublicKey } from './arguments.ts'
export { enodeAddresses } from './enode-addresses.ts'
export { abortedError, callerError, check, environmentError, peerError, throwIfAborted } from './errors.ts'
export {
  addressBytes,
  addressKey,
  addressText,
  isLan,
  isLocal,
  isLoopback,
  isSpecial,
  networkKey
} from './peers/address.ts'
export { type NetRestrict, notAllowed, parseNetRestrict } from './peers/net-restrict.ts'
export { systemClock, systemRandom, systemScheduler } from './system.ts'
