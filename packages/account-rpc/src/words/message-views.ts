import type { ShownProtection } from '@status-stack/status-client'
import { counted, printable } from '@status-stack/utils'
import { deliveryWords, heldWords } from '../delivery-mark.ts'
import type { ChangedFact, DeliveryFact, LedgerFact, MessageFact, RefusedFact, SentFact } from '../methods.ts'
import type { ChatJson } from '../targets.ts'
import { messageBody, reactionsText } from './message-text.ts'
import { chatTitle, keyNames, type Names, shownPerson } from './names.ts'
import { whyNotShown } from './reason-words.ts'
import type { View } from './view.ts'

/** What each protection is called in front of people. */
export const protectionWords: Readonly<Record<ShownProtection, string>> = Object.freeze({
  'forward-secret': 'forward secret',
  'static-key': 'encrypted, no forward secrecy',
  'transport-only': 'transport only (PFS off)',
  public: 'public'
})

/** What the client says of somebody, and of us. */
const ofYou = { ' has ': ' have ', ' is ': ' are ', '': '' } as const

/**
 * Text for people: safe for a terminal, with mentions as names behind `mark`.
 *
 * @example
 * ```ts
 * console.log(readable(message.text, names))
 * ```
 */
export function readable(text: string, names: Names = keyNames, mark = '@'): string {
  return printable(text).replace(
    /@0x(04[0-9a-f]{128})( has | is )?/g,
    (_, hex: string, verb: keyof typeof ofYou = '') => {
      try {
        const { kind, text } = names.person(`0x${hex}`)
        return `${mark}${text}${mark === '' && kind === 'you' ? ofYou[verb] : verb}`
      } catch {
        // Not a point of the curve: a mention of no person stays as it was written.
        return `@0x${hex}${verb}`
      }
    }
  )
}

/**
 * Hours and minutes of the local time zone, from milliseconds since 1970; `--:--` for a time beyond what a date can hold, which an author may
 * choose.
 *
 * @example
 * ```ts
 * clockTime(message.timestampMs) // '14:07'
 * ```
 */
export function clockTime(ms: number): string {
  const date = new Date(ms)
  if (Number.isNaN(date.getTime())) return '--:--'
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`
}

/** How far a one-shot command has seen its message come. */
export type Reached = 'queued' | 'posted' | 'confirmed' | 'acknowledged'

const reachedWords: Readonly<Record<Reached, readonly [before: string, after: string]>> = {
  queued: ['queued for', ''],
  posted: ['sent to', ''],
  confirmed: ['sent to', ', on the network'],
  acknowledged: ['sent to', ', received']
}

/**
 * A message in one line: whom it was for, how far it came, and its id, which other commands take.
 *
 * @example
 * ```ts
 * const { text } = sentView(sent, { kind: 'public', name: 'status' }, 'posted')
 * ```
 */
export function sentView(fact: SentFact, chat: ChatJson, reached: Reached = 'queued', names: Names = keyNames): View {
  const [before, after] = reachedWords[reached]
  const about = `[${protectionWords[fact.protection]}]  ${fact.messageId}`
  return { event: fact, text: `${before} ${chatTitle(chat, names)}${after}  ${about}` }
}

/**
 * A change of a message, and how far it came.
 *
 * @example
 * ```ts
 * const { text } = changedView(changed, message.chat)
 * ```
 */
export function changedView(
  fact: ChangedFact,
  chat: ChatJson,
  reached: Reached = 'queued',
  names: Names = keyNames
): View {
  const { event, messageId, emoji, on, protection } = fact
  const what = emoji === undefined ? '' : ` ${on === false ? 'no longer ' : ''}${emoji}`
  const after = reached === 'queued' ? ', queued' : reachedWords[reached][1]
  return {
    event: fact,
    text: `${event}${what} ${messageId.slice(0, 10)}… in ${chatTitle(chat, names)}${after}  [${protectionWords[protection]}]`
  }
}

/** Where a message stands. A group's name could be taken for a part of its author's. */
function whereOf(chat: ChatJson, names: Names): string {
  if (chat.kind === 'one-to-one') return ''
  return `${chatTitle(chat, names)}${chat.kind === 'group' ? ' ·' : ''} `
}

/**
 * A message with its author and time. What the program itself notes down has no author.
 *
 * @example
 * ```ts
 * account.on('message', message => console.log(messageView(message, names).text))
 * ```
 */
export function messageView(message: MessageFact, names: Names = keyNames): View {
  const front = `${clockTime(message.timestampMs)} ${whereOf(message.chat, names)}`
  if (message.kind === 'system') return { event: message, text: `${front}${readable(messageBody(message), names, '')}` }
  const author = message.outgoing ? 'me' : shownPerson(names.person(message.author))
  const reactions = reactionsText(message)
  const after = `  [${protectionWords[message.protection]}]${reactions === '' ? '' : `  {${reactions}}`}`
  return { event: message, text: `${front}${author}: ${readable(messageBody(message), names)}${after}` }
}

/** How the recipient is joined to the word of a state. */
const ofRecipient: Partial<Readonly<Record<DeliveryFact['state'], string>>> = { posted: 'to', acknowledged: 'by' }

/**
 * What became of a message, for one recipient or all.
 *
 * @example
 * ```ts
 * account.on('delivery', fact => console.log(deliveryView(fact, names).text))
 * ```
 */
export function deliveryView(fact: DeliveryFact, names: Names = keyNames): View {
  const to =
    fact.recipient === undefined ? '' : ` ${ofRecipient[fact.state] ?? 'for'} ${names.person(fact.recipient).text}`
  const reason = fact.reason === undefined ? '' : ` (${heldWords[fact.reason]})`
  const { by } = fact
  const where =
    by === undefined ? '' : fact.state === 'acknowledged' ? ` (device ${by.slice(0, 8)}…)` : ` by ${by.slice(0, 8)}…`
  const protection = fact.protection === undefined ? '' : `  [${protectionWords[fact.protection]}]`
  return {
    event: fact,
    text: `  ${fact.messageId.slice(0, 10)}… ${deliveryWords[fact.state]}${to}${reason}${where}${protection}`
  }
}

/**
 * A message that is not shown, with the reason.
 *
 * @example
 * ```ts
 * account.on('refused', fact => console.log(refusedView(fact, names).text))
 * ```
 */
export function refusedView(fact: RefusedFact, names: Names = keyNames): View {
  const from = fact.author === undefined ? '' : ` from ${names.person(fact.author).text}`
  return { event: fact, text: `  not shown${from}: ${whyNotShown(fact.reason)}` }
}

/**
 * What became of a message; `mark` is how the full screen sums it up.
 *
 * @example
 * ```ts
 * console.log(ledgerView(entry, names).text)
 * ```
 */
export function ledgerView(entry: LedgerFact, names: Names = keyNames): View {
  const { mark } = entry
  const lines = entry.legs.flatMap(leg => [
    `  ${leg.recipient === undefined ? 'all recipients' : names.person(leg.recipient).text}: ${deliveryWords[leg.state]}${leg.reason === undefined ? '' : ` (${heldWords[leg.reason]})`}, ${counted(leg.attempts, 'attempt')}${leg.protection === undefined ? '' : `, ${protectionWords[leg.protection]}`}${leg.acknowledgedBy === undefined ? '' : `, received by device ${leg.acknowledgedBy}`}`,
    ...leg.envelopes.map(
      envelope =>
        `    envelope ${envelope.hash.slice(0, 16)}…: until ${clockTime(envelope.expiry * 1000)}, to ${counted(envelope.sentTo.length, 'peer')}, confirmed by ${envelope.confirmedBy.length}, archived by ${envelope.archivedBy.length}`
    )
  ])
  return {
    event: entry,
    text: [
      `${entry.messageId} to ${chatTitle(entry.chat, names)}: ${mark.sign} ${mark.words}`,
      `  queued ${clockTime(entry.queuedMs)}`,
      ...lines
    ].join('\n')
  }
}
