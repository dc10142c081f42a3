const privateV4 = /^(?:127\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.)/

/** The first 64 bits of an IPv6 address: whoever has one address has all of its network. */
function networkOfV6(address: string): string {
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? []
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const missing = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  const groups = [...left, ...new Array<string>(missing).fill('0'), ...right]
  return groups
    .slice(0, 4)
    .map(group => group.replace(/^0+(?=.)/, ''))
    .join(':')
}

/**
 * What limits by address count a link for: an IPv4 address, or the first 64 bits of an IPv6 one. `undefined` for this machine and for private
 * networks, where many nodes may share an address, and where there is none.
 *
 * @example
 * ```ts
 * quotaAddress('2001:db8:1:2::9') // '2001:db8:1:2'
 * ```
 */
export function quotaAddress(remote: string | undefined): string | undefined {
  if (remote === undefined || remote === 'localhost') return undefined
  const v4 = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(remote)?.[1]
  if (v4 !== undefined) return privateV4.test(v4) ? undefined : v4
  const isPrivate = remote === '::1' || /^(?:fe[89ab]|f[cd])/i.test(remote)
  return isPrivate ? undefined : networkOfV6(remote)
}
