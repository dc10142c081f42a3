import { bytesToHex, keccak256, utf8Bytes } from '@status-stack/crypto'
import { check, pointOf } from './checks.ts'

/**
 * The 20-byte Ethereum address of a public key. @throws AccountsError `invalid-argument`; CryptoError `invalid-public-key`
 *
 * @example
 * ```ts
 * addressText(addressOf(account.wallet.publicKey)) // '0x…'
 * ```
 */
export function addressOf(publicKey: Uint8Array): Uint8Array {
  return keccak256(pointOf(publicKey).subarray(1)).slice(12)
}

/**
 * The text form of an address: `0x` + 40 hex digits whose case is a checksum. SPEC: EIP-55. @throws AccountsError `invalid-argument`
 *
 * @example
 * ```ts
 * addressText(address) // '0x' and 40 digits
 * ```
 */
export function addressText(address: Uint8Array): string {
  check.bytes('address', address, 20)
  const digits = bytesToHex(address)
  const hash = bytesToHex(keccak256(utf8Bytes(digits)))
  let text = '0x'
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charAt(i)
    text += Number.parseInt(hash.charAt(i), 16) >= 8 ? digit.toUpperCase() : digit
  }
  return text
}
