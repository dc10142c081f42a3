/** A view of `bytes` that counts each byte read and each view taken: work, independent of clocks and machines. */
export function counted(bytes: Uint8Array): { readonly bytes: Uint8Array; readonly reads: () => number } {
  let reads = 0
  const proxy = new Proxy(bytes, {
    get: (target, property) => {
      if (property !== 'length') reads++
      const value: unknown = Reflect.get(target, property, target)
      return typeof value === 'function' ? value.bind(target) : value
    }
  })
  return { bytes: proxy, reads: () => reads }
}
