import { hexToBytes } from '@status-stack/crypto'
import { AccountsError } from '../errors.ts'
import { limits } from '../limits.ts'

/** An object of a keystore file, as JSON gave it. */
export type JsonObject = Readonly<Record<string, unknown>>

/** A file that is none of ours, whatever the password. */
export function invalidKeystore(what: string): AccountsError {
  return new AccountsError('invalid-keystore', `keystore: ${what}`, { origin: 'peer' })
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * A member by its name in any case, the exact name first. SPEC: go-ethereum reads the file with Go's JSON package, which ignores
 * case; ethers and geth of 2015 write `Crypto`.
 */
export function member(object: JsonObject, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name]
  const found = Object.keys(object).find(key => key.toLowerCase() === name)
  return found === undefined ? undefined : object[found]
}

/** The outermost object of a file of version 3. @throws AccountsError `invalid-keystore` */
export function parseFile(text: string): JsonObject {
  // BOUNDED: limits.keystoreCharacters
  if (text.length > limits.keystoreCharacters) {
    throw invalidKeystore(`expected at most ${limits.keystoreCharacters} characters`)
  }
  let file: unknown
  try {
    file = JSON.parse(text)
  } catch {
    throw invalidKeystore('expected JSON')
  }
  if (!isObject(file)) throw invalidKeystore('expected an object')
  if (member(file, 'version') !== 3) throw invalidKeystore('expected version 3')
  return file
}

/** Bytes of a member in hex, with or without `0x`. @throws AccountsError `invalid-keystore` */
export function hexMember(value: unknown, name: string): Uint8Array {
  if (typeof value !== 'string' || !/^(0x)?([0-9a-f]{2})*$/i.test(value)) throw invalidKeystore(`${name}: expected hex`)
  return hexToBytes(value)
}

/** The address that the file names, 20 bytes; go-ethereum opens files without one too. @throws AccountsError `invalid-keystore` */
export function addressIn(file: JsonObject): Uint8Array | undefined {
  const address = member(file, 'address')
  if (address === undefined || address === null || address === '') return undefined
  if (typeof address !== 'string' || !/^(0x)?[0-9a-f]{40}$/i.test(address)) {
    throw invalidKeystore('address: expected 20 bytes')
  }
  return hexToBytes(address)
}

/** The next sub-account's number, 0 where there is none. @throws AccountsError `invalid-keystore` */
export function subAccountIndexIn(file: JsonObject): number {
  const index = member(file, 'subaccountindex') ?? 0
  if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index > 0xffffffff) {
    throw invalidKeystore('subaccountindex: expected a uint32')
  }
  return index
}
