/** A plain array of our own: readers hand out views, and `slice` of a Node Buffer is not a copy. */
export function copyBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes)
}
