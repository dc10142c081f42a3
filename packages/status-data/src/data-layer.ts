import type { DataLayer } from '@status-stack/interface'
import { admit, validateRemoved } from './admit.ts'
import { deletionClock, isPossibleClock } from './clock.ts'
import { nextContact, unknownContact } from './contact.ts'
import { decodeSliced } from './decode.ts'
import { openEvents, openEventsSliced } from './group/event.ts'
import { reduceGroup, reduceGroupSliced } from './group/membership.ts'
import { mergeGroupSliced, usableEvents } from './group/merge.ts'
import { systemMessages } from './group/system-message.ts'
import { createGroupId, keyId } from './ids.ts'
import { limits } from './limits.ts'
import { sniffAudio, sniffImage } from './media.ts'
import { outgoing } from './outgoing.ts'
import { ratesOf, spendQuota } from './request.ts'
import { mentionedKeys } from './text.ts'
import { paymentSigner } from './transaction.ts'

/**
 * The payloads and rules of 2019 as a data layer: what a messenger is composed with. It holds no state, so one value serves any
 * number of messengers. SPEC: 6/PAYLOADS, 7/GROUP-CHAT.
 *
 * @example
 * ```ts
 * const client = await composeClient(deps, { ...layers, data: dataLayer })
 * const out = dataLayer.outgoing({ kind: 'public', name: 'status' }, { kind: 'text', text: 'hello' }, { identity, nowMs })
 * ```
 */
export const dataLayer: DataLayer = /* @__PURE__ */ Object.freeze({
  outgoing,
  decode: decodeSliced,
  admit,
  groups: {
    createId: createGroupId,
    open: openEvents,
    openSliced: openEventsSliced,
    merge: mergeGroupSliced,
    reduce: (id, stored, { self, nowMs }) => reduceGroup(id, usableEvents(stored, keyId(self), nowMs)),
    reduceSliced: (id, stored, { self, nowMs }) => reduceGroupSliced(id, usableEvents(stored, keyId(self), nowMs)),
    lines: systemMessages
  },
  contacts: { unknown: unknownContact, next: nextContact },
  clocks: {
    isPossible: isPossibleClock,
    deletion: deletionClock,
    isRemoved: (clock, chat, nowMs) => validateRemoved(clock, chat, nowMs) !== undefined
  },
  spendQuota: (quota, nowMs, contact) => spendQuota(quota, nowMs, ratesOf(contact)),
  mentionedKeys,
  sniffImage,
  sniffAudio,
  paymentSigner,
  limits
} satisfies DataLayer)
