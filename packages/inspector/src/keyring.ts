import {
  bytesToHex,
  compressPublicKey,
  decompressPublicKey,
  ecdhX,
  isPrivateKey,
  isPublicKey
} from '@status-stack/crypto'
import { createIdentityKey } from '@status-stack/status-accounts'
import { type KeyPair, keyPairOf } from '@status-stack/status-pfs/primitives'
import {
  type Arrival,
  contactCodeName,
  negotiatedName,
  partitionedName,
  personalDiscoveryName,
  symmetricKeyOfName,
  topicOfName
} from '@status-stack/whisper/status'
import { check, InspectorError } from './errors.ts'
import { limits as defaults, type InspectLimits } from './limits.ts'
import { keyText } from './schema-fields.ts'

/** Somebody whose private key we have. */
export interface KnownIdentity {
  /** 65 bytes. */
  readonly publicKey: Uint8Array
  /** 32-byte digest in, 65 bytes r‖s‖v out. */
  readonly sign: (digest: Uint8Array) => Uint8Array
  /** 32 bytes: X of the product with a public key. */
  readonly ecdhX: (publicKey: Uint8Array) => Uint8Array
}

/** The keys one has, as bytes; nothing of them is ever printed. */
export interface Keys {
  /** Private identity keys, as ports. */
  readonly identities?: readonly KnownIdentity[] | undefined
  /** Private keys of signed prekeys. */
  readonly prekeys?: readonly Uint8Array[] | undefined
  /** Private ephemeral and ratchet keys. */
  readonly generated?: readonly Uint8Array[] | undefined
  /** 32 bytes each. */
  readonly symmetric?: readonly Uint8Array[] | undefined
  /** Names of public chats: their topics and keys follow from them. */
  readonly chats?: readonly string[] | undefined
}

/** A symmetric place: everybody who knows the name can read there. */
export interface Place {
  /** Hex, 8 digits. */
  readonly topic: string
  readonly meaning: string
  readonly arrival: Arrival
  /** 65 bytes: who of ours listens there. */
  readonly self?: Uint8Array
  /** 32 bytes; slow the first time. */
  readonly key: () => Promise<Uint8Array>
}

/** Keys, ready to be tried, and everybody that was met so far. */
export interface Keyring {
  readonly identities: readonly KnownIdentity[]
  readonly symmetric: readonly Uint8Array[]
  /** Pairs by public key in hex, 33 bytes: prekeys, ephemeral and ratchet keys. */
  readonly pairs: ReadonlyMap<string, KeyPair>
  /** Everybody known by public key, 65 bytes: the identities and whom the capture named. */
  readonly known: () => readonly Uint8Array[]
  /** Remembers somebody that the capture named, 33 or 65 bytes. */
  readonly meet: (publicKey: Uint8Array) => void
  /** Symmetric places on this topic, 4 bytes. */
  readonly placesOn: (topic: Uint8Array) => readonly Place[]
  /** What listens on this topic with an identity key. */
  readonly identitiesOn: (topic: Uint8Array) => readonly KnownIdentity[]
  /** The X coordinate of the product of two public keys, where the private half of either is known. */
  readonly agree: (a: Uint8Array, b: Uint8Array) => Uint8Array | undefined
}

/**
 * An identity from its private key, 32 bytes. @throws InspectorError `invalid-argument`
 *
 * @example
 * ```ts
 * const inspector = createInspector({ keys: { identities: [identityOf(privateKey)] } })
 * ```
 */
export function identityOf(privateKey: Uint8Array): KnownIdentity {
  check.bytes('privateKey', privateKey, 32)
  if (!isPrivateKey(privateKey)) throw notAKey('privateKey')
  return createIdentityKey(privateKey)
}

const hex = bytesToHex

function notAKey(argument: string): InspectorError {
  return new InspectorError('invalid-argument', `${argument}: not a secp256k1 key`, { details: { argument } })
}

/** @throws InspectorError `invalid-argument` */
export function checkKeys(keys: Keys): void {
  check.options('keys', keys, ['identities', 'prekeys', 'generated', 'symmetric', 'chats'])
  for (const [name, list = []] of Object.entries<readonly unknown[] | undefined>({ ...keys })) {
    check.array(`keys.${name}`, list)
    for (const [at, each] of list.entries()) checkKey(name as keyof Keys, `keys.${name}[${at}]`, each)
  }
}

function checkKey(list: keyof Keys, name: string, value: unknown): void {
  if (list === 'chats') check.text(name, value)
  else if (list === 'identities') {
    check.object(name, value)
    const { publicKey, sign, ecdhX: agree } = value as Partial<KnownIdentity>
    check.bytes(`${name}.publicKey`, publicKey, 65)
    if (!isPublicKey(publicKey)) throw notAKey(`${name}.publicKey`)
    check.function(`${name}.sign`, sign)
    check.function(`${name}.ecdhX`, agree)
  } else {
    check.bytes(name, value, 32)
    if (list !== 'symmetric' && !isPrivateKey(value)) throw notAKey(name)
  }
}

function place(name: string, meaning: string, arrival: Arrival, self?: Uint8Array): Place {
  return {
    topic: hex(topicOfName(name)),
    meaning,
    arrival,
    ...(self === undefined ? {} : { self }),
    key: () => symmetricKeyOfName(name)
  }
}

/** The secret of two public keys, where the private one of either is known. */
function agreed(
  pairs: Keyring['pairs'],
  owners: ReadonlyMap<string, KnownIdentity>,
  a: Uint8Array,
  b: Uint8Array
): Uint8Array | undefined {
  for (const [own, other] of [
    [a, b],
    [b, a]
  ] as const) {
    const pair = pairs.get(hex(own))
    if (pair !== undefined) return ecdhX(pair.privateKey, other)
    const identity = owners.get(hex(own))
    if (identity !== undefined) return identity.ecdhX(other)
  }
  return undefined
}

export function createKeyring(keys: Keys, limits: InspectLimits = defaults): Keyring {
  const { identities = [], symmetric = [], chats = [] } = keys
  const places = new Map<string, Place[]>()
  const add = (each: Place): void => {
    const there = places.get(each.topic)
    if (there === undefined) places.set(each.topic, [each])
    else there.push(each)
  }
  const pairs = new Map(
    [...(keys.prekeys ?? []), ...(keys.generated ?? [])].map(privateKey => {
      const pair = keyPairOf(privateKey)
      return [hex(pair.publicKey), pair] as const
    })
  )
  const owners = new Map(identities.map(identity => [hex(compressPublicKey(identity.publicKey)), identity]))
  const met = new Map<string, Uint8Array>()

  const meet = (publicKey: Uint8Array): void => {
    if (!isPublicKey(publicKey)) return
    const full = publicKey.length === 65 ? publicKey : decompressPublicKey(publicKey)
    // BOUNDED: knownIdentities
    if (met.has(hex(full)) || met.size >= limits.knownIdentities + identities.length) return
    met.set(hex(full), full)
    const who = keyText(full) ?? hex(full)
    add(place(contactCodeName(full), `contact code of ${who}`, { kind: 'contact-code', owner: full }))
    for (const identity of identities) {
      const name = negotiatedName(identity.ecdhX(full))
      const meaning = `negotiated topic of ${keyText(identity.publicKey) ?? ''} and ${who}`
      add(place(name, meaning, { kind: 'rendezvous', peer: full }, identity.publicKey))
    }
  }

  for (const name of chats) add(place(name, `public chat #${name}`, { kind: 'public', name }))
  for (const { publicKey } of identities) meet(publicKey)

  const agreements = new Map<string, Uint8Array>()
  return {
    identities,
    symmetric,
    pairs,
    known: () => [...met.values()],
    meet,
    placesOn: topic => {
      // Two places of one pair are one: the first who listens there stands for both.
      const seen = new Set<string>()
      return (places.get(hex(topic)) ?? []).filter(each => {
        const shared = each.meaning.startsWith('negotiated') ? 'negotiated' : each.meaning
        return seen.has(shared) ? false : Boolean(seen.add(shared))
      })
    },
    identitiesOn: topic =>
      identities.filter(({ publicKey }) =>
        [partitionedName(publicKey), personalDiscoveryName(publicKey)].some(
          name => hex(topicOfName(name)) === hex(topic)
        )
      ),
    agree: (a, b) => {
      const [first, second] = [hex(a), hex(b)].sort()
      const id = `${first} ${second}`
      const before = agreements.get(id)
      if (before !== undefined) return before
      const made = agreed(pairs, owners, a, b)
      // BOUNDED: a pool of keys against itself; emptied rather than grown without end.
      if (agreements.size >= 4 * limits.rootSteps) agreements.clear()
      if (made !== undefined) agreements.set(id, made)
      return made
    }
  }
}
