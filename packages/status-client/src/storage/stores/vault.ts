import { bytesToHex, createAesGcm, equalBytes, hkdfSha256, hmacSha256, utf8Bytes } from '@status-stack/crypto'
import { ClientError, check } from '../../errors.ts'
import type { Random } from '../../ports.ts'

/** Turns what names people and chats into names that say nothing, and values into ciphertext. Decisions 7 and 22. */
export interface Vault {
  /** 32 hex digits: the same for the same parts, unrelated to them without the key. */
  readonly name: (table: string, ...parts: readonly (string | Uint8Array)[]) => string
  readonly seal: (key: string, value: Uint8Array) => Uint8Array
  /** @throws ClientError `store-corrupt` when the bytes were changed, or belong to another entry or key. */
  readonly open: (key: string, sealed: Uint8Array) => Uint8Array
  /** The same values under names of another key: names stay what they are when the storage key changes. */
  readonly withNameKey: (nameKey: Uint8Array) => Vault
  /** The key of the names, to be kept by a store whose storage key changes. */
  readonly nameKey: () => Uint8Array
}

const format = 1
const nonceBytes = 12
const lengthBytes = 4

const encoder = new TextEncoder()

function setLength(target: Uint8Array, at: number, length: number): void {
  target[at] = length >>> 24
  target[at + 1] = (length >>> 16) & 255
  target[at + 2] = (length >>> 8) & 255
  target[at + 3] = length & 255
}

/** The name of an entry as it is sealed with its value, with room for the value behind it. */
function framed(key: string, valueBytes: number): { readonly bytes: Uint8Array; readonly start: number } {
  // Names are ASCII but for what an application may put into one.
  const bytes = new Uint8Array(lengthBytes + key.length + valueBytes)
  const { read, written } = encoder.encodeInto(key, bytes.subarray(lengthBytes, lengthBytes + key.length))
  if (read === key.length) {
    setLength(bytes, 0, written)
    return { bytes, start: lengthBytes + written }
  }
  const name = utf8Bytes(key)
  const longer = new Uint8Array(lengthBytes + name.length + valueBytes)
  setLength(longer, 0, name.length)
  longer.set(name, lengthBytes)
  return { bytes: longer, start: lengthBytes + name.length }
}

/** `storageKey`: 32 bytes. Two keys are derived, so that names and values never share one. */
export function createVault(storageKey: Uint8Array, random: Random): Vault {
  check.bytes('storageKey', storageKey, 32)
  const derive = (use: string): Uint8Array =>
    hkdfSha256(storageKey, new Uint8Array(32), utf8Bytes(`status-client ${use}`), 32)
  return vaultOf(derive('names'), derive('values'), random)
}

function vaultOf(nameKey: Uint8Array, valueKey: Uint8Array, random: Random): Vault {
  // One message is a dozen records: preparing the key for each would take as long as sealing it.
  const aes = createAesGcm(valueKey)
  const corrupt = (): ClientError =>
    new ClientError('store-corrupt', 'store: an entry does not open under this key', { origin: 'environment' })
  return {
    withNameKey: other => vaultOf(Uint8Array.from(other), valueKey, random),
    nameKey: () => Uint8Array.from(nameKey),
    name: (table, ...parts) => {
      const fields = [table, ...parts].map(part => (typeof part === 'string' ? utf8Bytes(part) : part))
      const named = new Uint8Array(fields.reduce((sum, field) => sum + lengthBytes + field.length, 0))
      let at = 0
      for (const field of fields) {
        setLength(named, at, field.length)
        named.set(field, at + lengthBytes)
        at += lengthBytes + field.length
      }
      return bytesToHex(hmacSha256(nameKey, named).subarray(0, 16))
    },
    // The entry's key is sealed with its value: a person who can write to the disk can't exchange entries.
    seal: (key, value) => {
      const { bytes: plain, start } = framed(key, value.length)
      plain.set(value, start)
      const nonce = random.bytes(nonceBytes)
      const sealed = aes.seal(nonce, plain)
      const entry = new Uint8Array(1 + nonceBytes + sealed.length)
      entry[0] = format
      entry.set(nonce, 1)
      entry.set(sealed, 1 + nonceBytes)
      return entry
    },
    open: (key, sealed) => {
      if (sealed[0] !== format || sealed.length < 1 + nonceBytes + 16) throw corrupt()
      const plain = aes.tryOpen(sealed.subarray(1, 1 + nonceBytes), sealed.subarray(1 + nonceBytes))
      if (plain === undefined) throw corrupt()
      const { bytes: name, start } = framed(key, 0)
      if (!equalBytes(plain.subarray(0, start), name)) throw corrupt()
      return plain.slice(start)
    }
  }
}

/** The value under this key; `undefined` when it does not open. */
export function tryOpen(vault: Vault, key: string, sealed: Uint8Array): Uint8Array | undefined {
  try {
    return vault.open(key, sealed)
  } catch {
    return undefined
  }
}
