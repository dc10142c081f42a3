import { equalBytes } from '@status-stack/crypto'
import type { Accepted, Admitted, Contact, Content, Known, KnownChat, PublicKey } from '@status-stack/interface'
import { evictedEarly, validateAnnotation } from './admit-annotation.ts'
import { check, checkKey, checkMs } from './arguments.ts'
import { isPossibleClock } from './clock.ts'
import { nextContact, unknownContact } from './contact.ts'
import { keyId, messageIdText } from './ids.ts'
import { limits } from './limits.ts'
import { type Refused, refuse } from './refusal.ts'
import { ratesOf, spendQuota, validateSender } from './request.ts'
import { nextTransaction } from './transaction.ts'

/**
 * The rules about stored state: blocked authors, duplicates, deleted chats, membership, requests, annotations, contacts,
 * devices, transactions and quotas. Pure: it is told what is stored, and answers what to store. SPEC: 6/PAYLOADS.
 *
 * Merge the events of a group update first (`mergeGroup`), hand over the result as `known.group`, and store both together.
 *
 * @throws DataError `invalid-argument`
 * @example
 * ```ts
 * const result = admit(message, { self, nowMs, seen: await store.has(message.messageId), contact, chat })
 * if (result.kind === 'refused' && !result.expected) report(result.reason)
 * ```
 */
export function admit(accepted: Accepted, known: Known): Admitted | Refused {
  check.object('accepted', accepted)
  check.oneOf('accepted.kind', accepted.kind, ['accepted'])
  check.object('known', known)
  checkKey('known.self', known.self)
  if (known.nowMs !== undefined) checkMs('known.nowMs', known.nowMs)
  if (known.ownProfileClock !== undefined) checkMs('known.ownProfileClock', known.ownProfileClock)
  if (!accepted.fromSelf && known.contact?.blocked === true) return refuse('author-blocked')
  if (known.seen === true) return refuse('duplicate')
  const chat = validateChat(accepted, known)
  if (chat !== undefined) return chat
  const admitted = admitContent(accepted, known)
  // What is refused or known already costs its author nothing: others can send copies of it.
  return admitted.kind === 'refused' ? admitted : withQuota(admitted, accepted, known)
}

function admitContent(accepted: Accepted, known: Known): Admitted | Refused {
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
    case 'edit':
    case 'delete':
    case 'pin':
      return (
        validateAnnotation(accepted, content, known) ??
        withEviction(withContact(accepted, known), evictedEarly(accepted, content, known))
      )
    case 'pair':
      if (known.installationKnown !== true) return refuse('installation-unknown')
      return (known.deviceClock ?? -1) >= accepted.clock ? refuse('stale') : withContact(accepted, known)
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
    case 'sync-contact':
      return admitSyncedContact(accepted, content.publicKey, known)
    case 'group-update':
      return known.groupChanged === false ? refuse('duplicate') : withContact(accepted, known)
    default:
      return withContact(accepted, known)
  }
}

/** What stays true of a chat whose messages are deleted: who is in a group, and what people say of themselves. */
const outlivesMessages: ReadonlySet<Content['kind']> = new Set<Content['kind']>(['group-update', 'contact-update'])

function validateChat(accepted: Accepted, known: Known): Refused | undefined {
  const { chat, author, content, fromSelf } = accepted
  if (chat === undefined) return undefined
  if (known.chat !== undefined && !outlivesMessages.has(content.kind)) {
    const removed = validateRemoved(accepted.clock, known.chat, known.nowMs)
    if (removed !== undefined) return removed
  }
  if (chat.kind === 'public') return known.chat?.active === true ? undefined : refuse('chat-unknown')
  if (chat.kind === 'one-to-one') return undefined
  return validateGroup(known, author, content.kind === 'group-update', fromSelf)
}

/**
 * Whether what has this clock was deleted with the messages of its chat: `chat-deleted` by the user, `chat-trimmed` by our own
 * clean-up. A deletion clock that no message can have had by `nowMs` is a slip of ours, and must not close the chat. SPEC: P-13.
 *
 * @param clock Lamport clock of a message or a group event, ms; 0 says nothing
 * @throws DataError `invalid-argument`
 * @example
 * ```ts
 * if (validateRemoved(event.clock, { deletedAtClock }, nowMs) !== undefined) skip(event)
 * ```
 */
export function validateRemoved(
  clock: number,
  chat: Pick<KnownChat, 'deletedAtClock' | 'trimmedAtClock'>,
  nowMs?: number
): Refused | undefined {
  checkMs('clock', clock)
  check.object('chat', chat)
  const { deletedAtClock, trimmedAtClock = 0 } = chat
  checkMs('chat.deletedAtClock', deletedAtClock)
  checkMs('chat.trimmedAtClock', trimmedAtClock)
  if (nowMs !== undefined) checkMs('nowMs', nowMs)
  const counts = (removed: number): boolean => nowMs === undefined || isPossibleClock(removed, nowMs)
  if (clock === 0) return undefined
  if (clock <= deletedAtClock && counts(deletedAtClock)) return refuse('chat-deleted')
  return clock <= trimmedAtClock && counts(trimmedAtClock) ? refuse('chat-trimmed') : undefined
}

/** Events may come from anyone; what is said only from one who has joined, to one who has joined. */
function validateGroup(
  { group, chat, self }: Known,
  author: PublicKey,
  eventsOnly: boolean,
  fromSelf: boolean
): Refused | undefined {
  if (group === undefined || group.lastClock === 0) return refuse('group-unknown')
  if (chat === undefined && !group.members.includes(keyId(self))) return refuse('not-a-member')
  if (eventsOnly) return undefined
  const joined = (who: PublicKey): boolean => group.joined.includes(keyId(who)) && group.members.includes(keyId(who))
  if (!joined(self)) return refuse('not-a-member')
  return fromSelf || joined(author) ? undefined : refuse('author-not-a-member')
}

type ContactChange = Pick<Admitted, 'contact' | 'evictsStranger'>

/** The author's record with what the message says about them; none for ourselves, and none for passers-by. */
function contactAfter({ fromSelf, effects, author, chat }: Accepted, { contact, strangers = 0 }: Known): ContactChange {
  if (fromSelf) return {}
  // BOUNDED: a public chat or a group is read without a record of everyone in it
  if (contact === undefined && chat?.kind !== 'one-to-one') return {}
  let next: Contact = contact ?? { ...unknownContact }
  for (const effect of effects) {
    const about = effect.kind === 'contact-updated' || effect.kind === 'ens-claimed'
    if (about && equalBytes(effect.publicKey, author)) next = nextContact(next, effect)
  }
  if (next === contact) return {}
  // BOUNDED: limits.strangers
  const evicts = contact === undefined && strangers >= limits.strangers
  return { contact: next, ...(evicts ? { evictsStranger: true as const } : {}) }
}

function withContact(accepted: Accepted, known: Known): Admitted | Refused {
  const base = {
    kind: 'admitted',
    as: 'message',
    evictsRequest: false,
    ...contactAfter(accepted, known)
  } as const
  if (accepted.chat?.kind !== 'group' || known.chat !== undefined) return base
  const invited = { ...base, createsChat: 'active' as const }
  if (accepted.fromSelf || known.contact?.added === true || known.invitations === undefined) return invited
  // BOUNDED: limits.invitationsPerStranger, limits.groupInvitations
  if (known.invitations.byAuthor >= limits.invitationsPerStranger) return refuse('group-invitation-quota')
  return known.invitations.waiting >= limits.groupInvitations ? { ...invited, evictsInvitation: true } : invited
}

function withEviction(admitted: Admitted | Refused, evictsEarly: Admitted['evictsEarly']): Admitted | Refused {
  return admitted.kind === 'refused' || evictsEarly === undefined ? admitted : { ...admitted, evictsEarly }
}

function admitMessage(accepted: Accepted, known: Known): Admitted | Refused {
  const base = withContact(accepted, known)
  if (base.kind === 'refused' || accepted.chat?.kind !== 'one-to-one') return base
  const opened = known.chat?.active === true ? base : { ...base, createsChat: 'active' as const }
  if (accepted.fromSelf || known.messageRequests === false) return opened
  const standing = validateSender(
    known.contact ?? unknownContact,
    known.chat?.answered === true,
    known.requests ?? { open: false, messages: 0 },
    known.requestsWaiting ?? 0
  )
  if (standing.kind === 'refused') return standing
  return { ...opened, as: standing.kind, evictsRequest: standing.kind === 'request' && standing.evicts }
}

/** SPEC: P-28: never adds the author, and opens no visible chat. */
function admitContactUpdate(accepted: Accepted, known: Known): Admitted | Refused {
  const base = withContact(accepted, known)
  if (base.kind === 'refused') return base
  if (accepted.fromSelf) return { ...base, ...ownProfileAfter(accepted, known) }
  if (base.contact === undefined) return refuse('stale')
  return known.chat === undefined ? { ...base, createsChat: 'inactive' } : base
}

/**
 * Our profile, as another device of ours sends it to everyone. One that is empty and was not emptied says nothing: a device that was paired a moment
 * ago has none yet, and sends that to whom it adds.
 */
function ownProfileAfter({ effects }: Accepted, { ownProfileClock }: Known): Pick<Admitted, 'ownProfile'> {
  const effect = effects.find(({ kind }) => kind === 'own-profile')
  if (effect?.kind !== 'own-profile' || ownProfileClock === undefined) return {}
  const { ensName, picture, cleared, clock } = effect
  const saysNothing = ensName === '' && picture === '' && cleared !== true
  return saysNothing || clock <= ownProfileClock ? {} : { ownProfile: { ensName, picture, clock } }
}

/** Another device of ours added a contact. Newer knowledge of this device wins, and so does a block. */
function admitSyncedContact(accepted: Accepted, publicKey: PublicKey, known: Known): Admitted | Refused {
  if (equalBytes(publicKey, known.self)) return refuse('contact-id-invalid')
  const before = known.syncedContact ?? unknownContact
  if (before.blocked) return refuse('contact-blocked')
  const effect = accepted.effects.find(({ kind }) => kind === 'contact-synced')
  if (effect?.kind !== 'contact-synced') return refuse('contact-id-invalid')
  const syncedContact = nextContact(before, effect)
  if (syncedContact === before) return refuse('stale')
  return { kind: 'admitted', as: 'message', evictsRequest: false, syncedContact }
}

function withQuota(
  admitted: Admitted,
  { fromSelf }: Accepted,
  { nowMs, counted = true, quota: before, contact, chat, sender }: Known
): Admitted | Refused {
  // What we said ourselves costs us nothing, and others all the same when they hand it on.
  if ((fromSelf && sender === undefined) || !counted || nowMs === undefined) return admitted
  const author = contact ?? unknownContact
  const payer = sender ?? (chat?.answered === true ? { ...author, added: true } : author)
  const quota = spendQuota(before, nowMs, ratesOf(payer))
  return quota === undefined ? refuse('author-rate') : { ...admitted, quota }
}
