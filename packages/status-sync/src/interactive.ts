import { type Draft, recordOf, type SyncRecord, type Timing, transition } from './state.ts'

/** INTERACTIVE append: the message is offered and sent once it is asked for. SPEC: 2/MVDS "Interactive". */
export function appendInteractive(draft: Draft): SyncRecord {
  return recordOf('offer', draft)
}

/**
 * An OFFER came: the record that asks for the message, or `undefined` when there is nothing to do because it is known
 * (`known`: handled before, or our own) or something is pending under that id already. A repeated OFFER is a no-op.
 */
export function answerOffer(
  offer: { readonly peer: Uint8Array; readonly id: Uint8Array },
  now: { readonly record: SyncRecord | undefined; readonly known: boolean; readonly nowMs: number }
): SyncRecord | undefined {
  if (now.known || now.record !== undefined) return undefined
  return recordOf('request', {
    ...offer,
    tracking: '',
    timestamp: 0n,
    size: 0,
    nowMs: now.nowMs
  })
}

/**
 * A REQUEST came: an offered message is to be sent at the next tick. `undefined` when this peer was not offered it; the
 * records are those of the asking peer, so a peer gets no message of a group that it is not in.
 */
export function answerRequest(record: SyncRecord | undefined, nowMs: number, timing: Timing): SyncRecord | undefined {
  if (record === undefined || record.kind === 'request') return undefined
  return transition(record, { kind: 'requested', nowMs }, timing)
}
