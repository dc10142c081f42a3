import { equalBytes } from '@status-stack/crypto'
import type {
  Accepted,
  Admitted,
  AnnotationContent,
  Known,
  KnownAnnotations,
  KnownTarget
} from '@status-stack/interface'
import { limits } from './limits.ts'
import { type Refused, refuse } from './refusal.ts'

/**
 * Whether a reaction, pin, edit or deletion applies: only who may say something in a chat may say something about its
 * messages, and only authors change what they said. It may come before its message, and then waits for it.
 */
export function validateAnnotation(accepted: Accepted, content: AnnotationContent, known: Known): Refused | undefined {
  const { chat, fromSelf } = accepted
  // Anyone can enter a public chat, so anyone could use pins there to advertise.
  if (chat?.kind === 'public' && content.kind === 'pin') return refuse('pin-public')
  if (chat?.kind === 'one-to-one' && !fromSelf && known.chat?.active !== true) {
    // An edit can overtake the message that opens its chat, and comes again. Reactions are sent once.
    return { ...refuse('chat-unknown'), final: content.kind === 'reaction' }
  }
  const { target } = known
  if (target === undefined) return validateStored(accepted, content, known) ?? validateEarly(accepted, content, known)
  if (target.chatId !== undefined && target.chatId !== chat?.id) return refuse('target-chat')
  if (content.kind === 'edit' || content.kind === 'delete') return validateChange(accepted, content, target)
  if (content.kind === 'pin' && (target.deleted === true || target.system === true)) return refuse('stale')
  return validateStored(accepted, content, known) ?? validateRoom(accepted, content, known)
}

/**
 * An edit counts when it is newer than the edit before it. The clock of the message itself does not matter: who names its id
 * knows it, and a clock that had run ahead must not keep its author from correcting or deleting it.
 */
function validateChange(
  { author, clock }: Accepted,
  { kind }: AnnotationContent,
  { author: writer, deleted, system, editClock = 0 }: KnownTarget
): Refused | undefined {
  if (system === true || !equalBytes(writer, author)) return refuse('target-author')
  return deleted === true || (kind === 'edit' && clock <= editClock) ? refuse('stale') : undefined
}

/** The higher clock of two under one key counts; a copy is not higher. */
function validateStored(
  { clock }: Accepted,
  { kind }: AnnotationContent,
  { reactionClock, annotationClock }: Known
): Refused | undefined {
  const stored = kind === 'reaction' ? (reactionClock ?? annotationClock) : annotationClock
  return stored !== undefined && clock <= stored ? refuse('stale') : undefined
}

const isReplacing = ({ reactionClock, annotationClock }: Known): boolean =>
  reactionClock !== undefined || annotationClock !== undefined

const none: KnownAnnotations = { ofTarget: 0, early: 0, earlyByAuthor: 0, pins: 0 }

/**
 * BOUNDED: limits.annotationsPerMessage for everybody we have not added, some of whom may be one person; beyond them the number of our contacts.
 */
function validateTarget({ fromSelf }: Accepted, known: Known): Refused | undefined {
  const { ofTarget } = known.annotations ?? none
  if (fromSelf || known.contact?.added === true || isReplacing(known)) return undefined
  return ofTarget >= limits.annotationsPerMessage ? refuse('reaction-quota') : undefined
}

/** BOUNDED: limits.pins. */
function validateRoom(accepted: Accepted, content: AnnotationContent, known: Known): Refused | undefined {
  const { pins } = known.annotations ?? none
  if (content.kind === 'pin' && content.pinned && pins >= limits.pins) return refuse('pin-quota')
  return validateTarget(accepted, known)
}

/** Nobody repeats it: what is refused is lost. */
const isSentOnce = ({ chat }: Accepted, { kind }: AnnotationContent): boolean =>
  kind === 'reaction' || chat?.kind === 'public'

/** What sync repeats is refused while there is no room: it comes again, at the latest when its message has come. */
function validateEarly(accepted: Accepted, content: AnnotationContent, known: Known): Refused | undefined {
  const isFull = !isSentOnce(accepted, content) && earlyShare(known) !== undefined
  return validateTarget(accepted, known) ?? (isFull ? refuse('early-note-quota') : undefined)
}

/**
 * Whose oldest early annotation has to go for one that is sent once. Most wait for moments only, so what has waited longest waits in vain,
 * and whoever fills a chat with them loses their own.
 */
export function evictedEarly(accepted: Accepted, content: AnnotationContent, known: Known): Admitted['evictsEarly'] {
  return known.target === undefined && isSentOnce(accepted, content) ? earlyShare(known) : undefined
}

/** The share that has no room for one more: the author's own, or that of the chat. */
function earlyShare(known: Known): Admitted['evictsEarly'] {
  if (isReplacing(known)) return undefined
  const { early, earlyByAuthor } = known.annotations ?? none
  // BOUNDED: limits.earlyAnnotationsPerAuthor, limits.earlyAnnotations
  if (earlyByAuthor >= limits.earlyAnnotationsPerAuthor) return 'author'
  return early >= limits.earlyAnnotations ? 'chat' : undefined
}
