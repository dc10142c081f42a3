import { check } from '../errors.ts'
import { limits } from '../limits.ts'
import type { Clock } from '../ports.ts'
import { addressKey } from './address.ts'
import { createExpiringSet } from './expiring.ts'

/** A node by its id, or everything at an address. */
export type BanTarget = { readonly peerId: string } | { readonly address: string }

/** Nodes and addresses that are refused for a while. */
export interface Bans {
  readonly add: (target: BanTarget, durationMs: number) => void
  readonly remove: (target: BanTarget) => void
  readonly hasPeer: (peerId: string) => boolean
  readonly hasAddress: (address: string) => boolean
}

/** @throws TransportError `invalid-argument` */
export function checkBanTarget(target: BanTarget): void {
  check.options('target', target, ['peerId', 'address'])
  if ('peerId' in target) check.text('peerId', target.peerId)
  else check.text('address', target.address)
}

/** Whether a connection is with that node or address. */
export function isTarget(
  target: BanTarget,
  { peerId, remoteAddress }: { readonly peerId: string | undefined; readonly remoteAddress: string }
): boolean {
  return 'peerId' in target
    ? peerId === target.peerId.toLowerCase()
    : addressKey(remoteAddress) === addressKey(target.address)
}

/** BOUNDED: `limits.banEntries` of each kind. */
export function createBans(clock: Clock): Bans {
  const ids = createExpiringSet(clock, limits.banEntries)
  const addresses = createExpiringSet(clock, limits.banEntries)
  return {
    add: (target, durationMs) => {
      if ('peerId' in target) ids.add(target.peerId.toLowerCase(), durationMs)
      else addresses.add(addressKey(target.address), durationMs)
    },
    remove: target => {
      if ('peerId' in target) ids.delete(target.peerId.toLowerCase())
      else addresses.delete(addressKey(target.address))
    },
    hasPeer: ids.has,
    hasAddress: address => addresses.has(addressKey(address))
  }
}
