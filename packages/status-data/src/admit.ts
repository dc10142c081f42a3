import { equalBytes } from '@status-stack/crypto'
import type { Accepted } from './accepted.ts'
import { type Contact, nextContact, unknownContact } from './contact.ts'
import type { Group } from './group/membership.ts'
import { keyId, messageIdText } from './ids.ts'
import type { PublicKey } from './ports.ts'
import { type Refused, refuse } from './refusal.ts'
import { judgeSender, type Requests } from './request.ts'
import { nextTransaction, type Transaction } from './transaction.ts'

/** What is stored about the things that a message touches. Absent: nothing. */
export interface Known {
  readonly self: PublicKey
  /** Whether a message of this id is stored, or came earlier in the same batch. */
  readonly seen?: boolean
  /** The author's record. */
  readonly contact?: Contact
  /** The chat of `accepted.chat`. */
  readonly chat?: {
    readonly active: boolean
    /** Messages with this clock or a lower one were deleted by the user. */
    readonly deletedAtClock: number
    /** Whether we ever wrote there. */
    readonly answered?: boolean
  }
  /** The group of `accepted.chat`, after the events that came along were merged. */
  readonly group?: Group
  /** Clock of the stored reaction under the same `reactionId`. */
  readonly reactionClock?: number
  /** The message that is edited, deleted or pinned. */
  readonly target?: { readonly author: PublicKey; readonly clock: number }
  /** Whether the device that names itself is known from one of our own bundles. */
  readonly installationKnown?: boolean
  /** The transaction that the content names. */
  readonly transaction?: Transaction
  readonly requests?: Requests
  /** Requests that wait for an answer, of everybody. */
  readonly requestsWaiting?: number
}

/** A message to be stored, and what to store with it. */
export interface Admitted {
  readonly kind: 'admitted'
  /** `request`: shown among the message requests. */
  readonly as: 'message' | 'request'
  /** The oldest waiting request has to go. */
  readonly evictsRequest: boolean
  /** The chat does not exist yet: create it, shown or not. */
  readonly createsChat?: 'active' | 'inactive'
  /** The author's record as it is now; absent when it did not change. A refused message never has one. */
  readonly contact?: Contact
  readonly transaction?: Transaction
}

/** The steps of the inbound pipeline that need stored state. Pure: it is told what is stored. SPEC: 6/PAYLOADS. */
export function admit(accepted: Accepted, known: Known): Admitted | Refused {
  if (!accepted.mine && known.contact?.blocked === true) return refuse('author-blocked')
  if (known.seen === true) return refuse('duplicate')
  const chat = validateChat(accepted, known)
  if (chat !== undefined) return chat
  const { content } = accepted
  switch (content.kind) {
    case 'text':
    case 'status':
    case 'emoji':
    case 'sticker':
    case 'image':
    case 'audio':
    case 'unsupported':
      return admitMessage(accepted, known)
    case 'reaction':
      return (known.reactionClock ?? -1) >= accepted.clock ? refuse('stale') : plain(accepted, known)
    case 'edit':
    case 'delete':
      return validateTarget(accepted, known) ?? plain(accepted, known)
    case 'pin':
      return plain(accepted, known)
    case 'pair':
      return known.installationKnown === true ? plain(accepted, known) : refuse('installation-unknown')
    case 'request-address':
    case 'accept-request-address':
    case 'decline-request-address':
    case 'request-transaction':
    case 'decline-request-transaction':
    case 'send-transaction': {
      const { author } = accepted
      const id = messageIdText(accepted.messageId)
      const transaction = nextTransaction(known.transaction, { id, chatId: accepted.chat?.id ?? '', author, content })
      if ('kind' in transaction) return transaction
      const message = admitMessage(accepted, known)
      return message.kind === 'refused' ? message : { ...message, transaction }
    }
    case 'contact-update':
      return admitContactUpdate(accepted, known)
    default:
      return plain(accepted, known)
  }
}

function validateChat({ chat, clock, author, content, mine }: Accepted, known: Known): Refused | undefined {
  if (chat === undefined) return undefined
  if (known.chat !== undefined && clock !== 0 && clock <= known.chat.deletedAtClock) return refuse('chat-deleted')
  if (chat.kind === 'public') return known.chat?.active === true ? undefined : refuse('chat-unknown')
  if (chat.kind === 'one-to-one') return undefined
  return validateGroup(known, author, content.kind === 'group-update', mine)
}

/** Events may come from anybody; what is said only from one who has joined, to one who has joined. */
function validateGroup(
  { group, chat, self }: Known,
  author: PublicKey,
  eventsOnly: boolean,
  mine: boolean
): Refused | undefined {
  if (group === undefined || group.lastClock === 0) return refuse('group-unknown')
  if (chat === undefined && !group.members.includes(keyId(self))) return refuse('not-a-member')
  if (eventsOnly) return undefined
  const joined = (who: PublicKey): boolean => group.joined.includes(keyId(who)) && group.members.includes(keyId(who))
  return joined(self) && (mine || joined(author)) ? undefined : refuse('not-a-member')
}

/** The author's record with what the message says about them; none for ourselves. */
function contactAfter({ mine, effects, author }: Accepted, { contact }: Known): { readonly contact?: Contact } {
  if (mine) return {}
  let next = contact ?? { ...unknownContact }
  for (const effect of effects) {
    const about = effect.kind === 'contact-updated' || effect.kind === 'ens-claimed'
    if (about && equalBytes(effect.publicKey, author)) next = nextContact(next, effect)
  }
  return next === contact ? {} : { contact: next }
}

function plain(accepted: Accepted, known: Known): Admitted {
  const creates = accepted.chat?.kind === 'group' && known.chat === undefined
  return {
    kind: 'admitted',
    as: 'message',
    evictsRequest: false,
    ...(creates ? { createsChat: 'active' as const } : {}),
    ...contactAfter(accepted, known)
  }
}

function admitMessage(accepted: Accepted, known: Known): Admitted | Refused {
  const base = plain(accepted, known)
  if (accepted.chat?.kind !== 'one-to-one') return base
  const creates = known.chat?.active === true ? {} : { createsChat: 'active' as const }
  if (accepted.mine) return { ...base, ...creates }
  const standing = judgeSender(
    known.contact ?? unknownContact,
    known.chat?.answered === true,
    known.requests ?? { open: false, messages: 0 },
    known.requestsWaiting ?? 0
  )
  if (standing.kind === 'refused') return standing
  const evictsRequest = standing.kind === 'request' && standing.evicts
  return { ...base, ...creates, as: standing.kind, evictsRequest }
}

/** Only authors change what they said. A message we do not have may come later: the note waits for it. */
function validateTarget({ author, clock }: Accepted, { target }: Known): Refused | undefined {
  if (target === undefined) return undefined
  if (!equalBytes(target.author, author)) return refuse('target-author')
  return clock <= target.clock ? refuse('stale') : undefined
}

/** SPEC: P-28: never adds anybody, and opens no chat that would be seen. */
function admitContactUpdate(accepted: Accepted, known: Known): Admitted | Refused {
  const base = plain(accepted, known)
  if (accepted.mine) return base
  if (base.contact === undefined || base.contact.lastUpdated !== accepted.clock) return refuse('stale')
  return known.chat === undefined ? { ...base, createsChat: 'inactive' } : base
}
