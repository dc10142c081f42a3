import { quotaAddress } from '@status-stack/utils'
import type { MailPeer } from '@status-stack/whisper'

/** Who asks, as quotas see it: identities are free, addresses are not. */
export interface Asker {
  readonly peerId: string
  /** The address that quotas go by; `undefined` for links without one and for this machine and network, where many nodes may share one. */
  readonly address: string | undefined
}

export function askerOf({ peerId, remoteAddress }: Pick<MailPeer, 'peerId' | 'remoteAddress'>): Asker {
  return { peerId, address: quotaAddress(remoteAddress) }
}
