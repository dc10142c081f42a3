import { check } from './checks.ts'
import { PfsError } from './errors.ts'
import { isOwn, ownBundle, publicIdentity, targetsOf } from './installations.ts'
import { generateKeyPair, identity33 } from './keys.ts'
import { limits } from './limits.ts'
import { indexPeer, rendezvousWith } from './peers.ts'
import { refreshPrekeys } from './prekeys.ts'
import type { DeviceRecord, PeerRecord } from './records/peer.ts'
import { sealForDevice, tidySessions } from './sessions.ts'
import { sealStatic } from './static-dh.ts'
import type { Transaction } from './transaction.ts'
import type { Audience, SealResult } from './types.ts'
import { encodeProtocolMessage } from './wire/codec.ts'
import type { DirectEntry, ProtocolMessage } from './wire/messages.ts'

const noBytes = new Uint8Array(0)

/** The audience as this layer sees it. */
export type Addressee =
  | { readonly kind: 'direct'; readonly identity: Uint8Array; readonly anyDevice: boolean; readonly ownCopies: boolean }
  | { readonly kind: 'contact-code' }
  | { readonly kind: 'public' }

const audienceKinds = ['identity', 'own-devices', 'public', 'contact-code'] as const

function checkReach(reach: unknown): void {
  check.oneOf('audience.reach', reach, ['known-devices', 'any-device'])
}

/** @throws PfsError `invalid-argument`, `invalid-public-key`, `invalid-audience` */
export function addresseeOf(tx: Transaction, to: Audience): Addressee {
  check.object('audience', to)
  switch (to.kind) {
    case 'identity':
      checkReach(to.reach)
      return {
        kind: 'direct',
        identity: identity33(to.publicKey),
        anyDevice: to.reach === 'any-device',
        ownCopies: false
      }
    case 'own-devices':
      checkReach(to.reach)
      return { kind: 'direct', identity: tx.own, anyDevice: to.reach === 'any-device', ownCopies: true }
    case 'public':
      check.text('audience.name', to.name)
      return { kind: 'public' }
    case 'contact-code':
      if (!isOwn(tx, identity33(to.owner))) {
        throw new PfsError('invalid-audience', 'contact code: only its owner can publish it', { origin: 'caller' })
      }
      return { kind: 'contact-code' }
    default:
      check.oneOf('audience.kind', (to as { readonly kind?: unknown }).kind, audienceKinds)
      throw new TypeError('audience: not reached')
  }
}

function assertSize(message: Uint8Array): Uint8Array {
  // BOUNDED: maxMessageBytes
  if (message.length > limits.maxMessageBytes) {
    throw new PfsError('too-large', `message: at most ${limits.maxMessageBytes} bytes, got ${message.length}`, {
      origin: 'caller',
      details: { length: message.length, limit: limits.maxMessageBytes }
    })
  }
  return message
}

async function wrap(tx: Transaction, parts: Partial<ProtocolMessage>): Promise<Uint8Array> {
  const { installationId } = tx.options
  const bundles = [await ownBundle(tx)]
  const message = encodeProtocolMessage({ installationId, bundles, entries: [], publicMessage: noBytes, ...parts })
  return assertSize(message)
}

function staticEntry(tx: Transaction, identity: Uint8Array, plaintext: Uint8Array): DirectEntry {
  const ephemeral = generateKeyPair(tx.deps.random)
  const payload = sealStatic(identity, ephemeral, tx.deps.random.bytes(12), plaintext)
  ephemeral.privateKey.fill(0)
  return { installationId: 'none', dhKey: ephemeral.publicKey, payload }
}

/** The secret is agreed once every device that gets a copy has been heard from. */
function isAgreed(targets: readonly DeviceRecord[]): boolean {
  return targets.every(({ heardFrom }) => heardFrom)
}

/** Whether the record of an identity stays for as long as we do. */
function isKept({ deps: { isKnown } }: Transaction, identity: Uint8Array): boolean {
  return isKnown === undefined || isKnown(publicIdentity(identity))
}

async function sealDirect(
  tx: Transaction,
  peer: PeerRecord,
  targets: readonly DeviceRecord[],
  plaintext: Uint8Array
): Promise<SealResult> {
  await indexPeer(tx, peer, isKept(tx, peer.identity) ? 'contacted' : 'seen')
  const { secret, effect } = await rendezvousWith(tx, peer)
  if (targets.length === 0) {
    const bytes = await wrap(tx, { entries: [staticEntry(tx, peer.identity, plaintext)] })
    return { kind: 'sealed', bytes, protection: 'static-key', effects: [effect] }
  }
  const self = await tx.self()
  const entries = targets.flatMap(device => sealForDevice(tx, self, peer, device, plaintext) ?? [])
  return {
    kind: 'sealed',
    bytes: await wrap(tx, { entries }),
    protection: 'forward-secret',
    ...(isAgreed(targets) ? { rendezvous: secret } : {}),
    effects: [effect]
  }
}

/** Seals within a transaction. SPEC: 5/SECURE-TRANSPORT; one entry per device, else one static-key entry `none`. */
export async function sealFor(tx: Transaction, plaintext: Uint8Array, to: Audience): Promise<SealResult> {
  const addressee = addresseeOf(tx, to)
  if (addressee.kind === 'public') {
    return { kind: 'sealed', bytes: assertSize(plaintext.slice()), protection: 'none', effects: [] }
  }
  const self = await tx.self()
  refreshPrekeys(tx, self)
  if (addressee.kind === 'contact-code') {
    return { kind: 'sealed', bytes: await wrap(tx, { publicMessage: plaintext }), protection: 'none', effects: [] }
  }
  const peer = await tx.peer(addressee.identity)
  tidySessions(tx, self, peer)
  const targets = addressee.anyDevice ? [] : targetsOf(tx, peer)
  if (targets.length === 0 && addressee.ownCopies && !addressee.anyDevice) return { kind: 'nobody', effects: [] }
  return sealDirect(tx, peer, targets, plaintext)
}
