import { type Bridge, createBridge, createWaku, type Waku } from '@status-stack/waku'
import { createWhisper, type Whisper } from '@status-stack/whisper'
import { check, optionError } from './errors.ts'
import { nodeProtocol, type RelayProtocol } from './protocols.ts'

/** Which privacy protocol a node speaks; with `both` it carries between the two networks. */
export type Privacy = 'whisper' | 'waku' | 'both'

/** @throws RelayError `invalid-argument` */
export function checkPrivacy(name: string, value: unknown): void {
  check.oneOf(name, value, ['whisper', 'waku', 'both'])
}

/** The nodes of a relay, and what carries between them. */
export interface PrivacyNodes {
  readonly whisper: Whisper | undefined
  readonly waku: Waku | undefined
  readonly bridge: Bridge | undefined
  /** Those that there are. */
  readonly nodes: readonly Whisper[]
  readonly protocols: readonly RelayProtocol[]
}

/** Values that mean the same in both protocols. */
interface NodeValues {
  readonly minPow: number
  readonly maxPeers: number
  readonly light: boolean
}

/** @throws RelayError `privacy` */
export function createPrivacyNodes(privacy: Privacy, { light, ...values }: NodeValues): PrivacyNodes {
  if (light && privacy === 'both')
    throw optionError('privacy', 'a light node relays nothing, so it cannot bridge two networks')
  const whisper =
    privacy === 'waku'
      ? undefined
      : createWhisper({}, { ...values, light, ...(light ? { bloom: 'interests' as const } : {}) })
  const waku =
    privacy === 'whisper' ? undefined : createWaku({}, { ...values, light, ...(light ? { interest: 'topics' } : {}) })
  const nodes = [whisper, waku].filter(node => node !== undefined)
  return {
    whisper,
    waku,
    bridge: whisper === undefined || waku === undefined ? undefined : createBridge({ whisper, waku }),
    nodes,
    protocols: nodes.map(nodeProtocol)
  }
}

/** What the nodes of both protocols are made with. */
export type PrivacyNodeDeps = Parameters<typeof createWhisper>[0]

/**
 * The nodes of the chosen protocols: of both, Whisper first. @throws RelayError `invalid-argument`; WhisperError of the nodes
 *
 * @example
 * ```ts
 * const { whisper, waku } = privacyNodes('both', {})
 * ```
 */
export function privacyNodes(
  privacy: Privacy,
  deps: PrivacyNodeDeps,
  options: { readonly handshakeTimeoutMs?: number | undefined } = {}
): { readonly whisper: Whisper | undefined; readonly waku: Waku | undefined } {
  checkPrivacy('privacy', privacy)
  return {
    whisper: privacy === 'waku' ? undefined : createWhisper(deps, options),
    waku: privacy === 'whisper' ? undefined : createWaku(deps, options)
  }
}
