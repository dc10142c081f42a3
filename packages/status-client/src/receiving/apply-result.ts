import type { Refused } from '@status-stack/interface'

/** What became of an accepted message. A refusal that is not final comes again. */
export type ApplyResult =
  | { readonly kind: 'applied' }
  /** Nothing of it is stored: what it says is known (a copy, our own message coming back), or it says nothing that we keep. */
  | { readonly kind: 'duplicate' }
  | {
      readonly kind: 'refused'
      readonly layer: 'data' | 'quota'
      readonly reason: string
      readonly final: boolean
      /** Ordinary traffic: nothing to report to people. */
      readonly expected: boolean
    }

export type RefusedMessage = Extract<ApplyResult, { kind: 'refused' }>

export const applied: ApplyResult = { kind: 'applied' }

export const duplicate: ApplyResult = { kind: 'duplicate' }

/** Refusals for want of room, which say nothing about the message. */
const quotas: ReadonlySet<string> = new Set([
  'quota-exceeded',
  'author-rate',
  'group-invitation-quota',
  'reaction-quota',
  'early-note-quota',
  'pin-quota',
  'stranger-quota',
  'chat-trimmed'
])

/** A refusal in the words of the data layer, which has most of them. */
export function refusedBy({
  reason,
  final,
  expected
}: Pick<Refused, 'final' | 'expected'> & { readonly reason: string }): RefusedMessage {
  const layer = quotas.has(reason) ? 'quota' : 'data'
  return { kind: 'refused', layer, reason, final, expected: expected === true }
}
