import {
  bytesToHex,
  ecdhX,
  generatePrivateKey,
  isPrivateKey,
  pbkdf2Sha256,
  publicKeyOf,
  signDigest,
  utf8Bytes
} from '@status-stack/crypto'
import type { IdentityKey } from '@status-stack/interface'
import { failed } from './errors.ts'
import type { ResolvedOptions } from './options.ts'
import type { Random } from './ports.ts'
import { toHex } from './values/hex.ts'

const idBytes = 32
/** As deployed; the specification's 65 536 never was. */
const passwordRounds = 65_356
const deterministicRounds = 4096
const noSalt = new Uint8Array()

/** Keys that clients have left with the node: in memory, until they are deleted or the node stops. */
export interface Keys {
  readonly newKeyPair: () => Promise<string>
  readonly addPrivateKey: (privateKey: Uint8Array) => Promise<string>
  readonly deleteKeyPair: (id: string) => Promise<boolean>
  readonly hasKeyPair: (id: string) => Promise<boolean>
  /** A copy. @throws RpcError `call-failed` (`invalid id`) */
  readonly privateKey: (id: string) => Promise<Uint8Array>
  readonly newSymmetricKey: () => string
  readonly addSymmetricKey: (key: Uint8Array) => string
  readonly symmetricKeyFromPassword: (password: string) => Promise<string>
  readonly hasSymmetricKey: (id: string) => boolean
  /** A copy. @throws RpcError `call-failed` (`non-existent key ID`) */
  readonly symmetricKey: (id: string) => Uint8Array
  readonly deleteSymmetricKey: (id: string) => boolean
  /** Forgets every key and overwrites it, as far as the runtime lets us. */
  readonly clear: () => void
}

/** What signs and decrypts with a private key. It keeps the array: a copy of its own outlives the deletion of the key. */
export function identityOf(privateKey: Uint8Array): IdentityKey {
  return {
    publicKey: publicKeyOf(privateKey),
    sign: digest => signDigest(digest, privateKey),
    ecdhX: publicKey => ecdhX(privateKey, publicKey)
  }
}

/** Id that status-go gives a key pair, and reads out of every id argument of another length. */
async function deterministicId(text: string): Promise<string> {
  return bytesToHex(await pbkdf2Sha256(utf8Bytes(text), noSalt, deterministicRounds, idBytes))
}

export function createKeys(random: Random, options: ResolvedOptions): Keys {
  // BOUNDED: maxKeys each
  const pairs = new Map<string, Uint8Array>()
  const symmetric = new Map<string, Uint8Array>()
  const { maxKeys } = options.limits
  const deterministic = options.flavour === 'status-go'

  const randomId = (): string => bytesToHex(random.bytes(idBytes))
  const pairId = async (id: string): Promise<string> =>
    deterministic && id.length !== 2 * idBytes ? deterministicId(id) : id

  const keep = (keys: Map<string, Uint8Array>, id: string, key: Uint8Array): string => {
    if (!keys.has(id) && keys.size >= maxKeys) throw failed(`too many keys, at most ${maxKeys}`)
    keys.set(id, key)
    return id
  }
  const drop = (keys: Map<string, Uint8Array>, id: string): boolean => {
    keys.get(id)?.fill(0)
    return keys.delete(id)
  }
  const addPair = async (privateKey: Uint8Array): Promise<string> => {
    const id = deterministic ? await deterministicId(toHex(publicKeyOf(privateKey))) : randomId()
    return keep(pairs, id, privateKey)
  }

  return {
    newKeyPair: () => addPair(generatePrivateKey(random)),
    addPrivateKey: privateKey => addPair(new Uint8Array(privateKey)),
    deleteKeyPair: async id => drop(pairs, await pairId(id)),
    hasKeyPair: async id => pairs.has(await pairId(id)),
    privateKey: async id => {
      const key = pairs.get(await pairId(id))
      if (key === undefined) throw failed('invalid id')
      return new Uint8Array(key)
    },
    newSymmetricKey: () => keep(symmetric, randomId(), random.bytes(32)),
    addSymmetricKey: key => keep(symmetric, randomId(), new Uint8Array(key)),
    symmetricKeyFromPassword: async password =>
      keep(symmetric, randomId(), await pbkdf2Sha256(utf8Bytes(password), noSalt, passwordRounds, 32)),
    hasSymmetricKey: id => symmetric.has(id),
    symmetricKey: id => {
      const key = symmetric.get(id)
      if (key === undefined) throw failed('non-existent key ID')
      return new Uint8Array(key)
    },
    deleteSymmetricKey: id => drop(symmetric, id),
    clear: () => {
      for (const keys of [pairs, symmetric]) for (const id of [...keys.keys()]) drop(keys, id)
    }
  }
}

/** A private key as `shh_addPrivateKey` takes it. @throws RpcError `call-failed` with geth's texts */
export function assertPrivateKey(key: Uint8Array): void {
  if (key.length !== 32) throw failed('invalid length, need 256 bits')
  if (key.every(byte => byte === 0)) throw failed('invalid private key, zero or negative')
  if (!isPrivateKey(key)) throw failed('invalid private key, >=N')
}
