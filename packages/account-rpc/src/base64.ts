/** Characters that one call of `fromCharCode` gets: engines bound the number of arguments. */
const stride = 0x8000

/** Standard base64 with padding. */
export function bytesToBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += stride) binary += String.fromCharCode(...bytes.subarray(at, at + stride))
  return btoa(binary)
}

/** The bytes of standard base64 with padding; `undefined` for any other text. */
export function base64ToBytes(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at)
  return bytes
}
