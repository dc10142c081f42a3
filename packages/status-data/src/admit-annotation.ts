import { equalBytes } from '@status-stack/crypto'
import type { Accepted, AnnotationContent, Known, KnownAnnotations, KnownTarget } from '@status-stack/interface'
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
  if (target === undefined) return validateStored(accepted, content, known) ?? validateEarly(known)
  if (target.chatId !== undefined && target.chatId !== chat?.id) return refuse('target-chat')
  if (content.kind === 'edit' || content.kind === 'delete') return validateChange(accepted, content, target)
  if (content.kind === 'pin' && (target.deleted === true || target.system === true)) return refuse('stale')
  return validateStored(accepted, content, known) ?? validateRoom(content, known)
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

/** BOUNDED: limits.annotationsPerMessage, limits.pins. */
function validateRoom(content: AnnotationContent, known: Known): Refused | undefined {
  const { ofTarget, pins } = known.annotations ?? none
  if (content.kind === 'pin' && content.pinned && pins >= limits.pins) return refuse('pin-quota')
  return !isReplacing(known) && ofTarget >= limits.annotationsPerMessage ? refuse('reaction-quota') : undefined
}

/** BOUNDED: limits.earlyAnnotations, limits.earlyAnnotationsPerAuthor. */
function validateEarly(known: Known): Refused | undefined {
  const { ofTarget, early, earlyByAuthor } = known.annotations ?? none
  if (isReplacing(known)) return undefined
  if (ofTarget >= limits.annotationsPerMessage) return refuse('reaction-quota')
  const full = early >= limits.earlyAnnotations || earlyByAuthor >= limits.earlyAnnotationsPerAuthor
  return full ? refuse('early-note-quota') : undefined
}
