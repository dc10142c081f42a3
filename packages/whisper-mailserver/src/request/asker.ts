import type { MailPeer } from '@status-stack/whisper'

/** Who asks, as quotas see it: identities are free, addresses are not. */
export interface Asker {
  readonly peerId: string
  /** The address that quotas go by; `undefined` for links without one and for this machine and network, where many nodes may share one. */
  readonly address: string | undefined
}

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

/** The address that quotas go by. */
export function quotaAddress(remote: string | undefined): string | undefined {
  if (remote === undefined) return undefined
  const v4 = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(remote)?.[1]
  if (v4 !== undefined) return privateV4.test(v4) ? undefined : v4
  const isPrivate = remote === '::1' || /^(?:fe[89ab]|f[cd])/i.test(remote)
  return isPrivate ? undefined : networkOfV6(remote)
}

export function askerOf({ peerId, remoteAddress }: Pick<MailPeer, 'peerId' | 'remoteAddress'>): Asker {
  return { peerId, address: quotaAddress(remoteAddress) }
}
