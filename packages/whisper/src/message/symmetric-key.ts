/** Bytes of a symmetric key. */
export const symmetricKeyLength = 32

/** Whether these are 32 bytes and not all of them zero. */
export function isSymmetricKey(key: Uint8Array): boolean {
  return key.length === symmetricKeyLength && key.some(byte => byte !== 0)
}
