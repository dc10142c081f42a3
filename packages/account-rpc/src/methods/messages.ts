import type { AttachmentFact, ChangedFact, LedgerFact, MessageFact, SearchFact, SentFact } from '../message-facts.ts'
import { method, result } from '../method.ts'
import { chat, count, flag, optional, optionalBytes, person, text, textOrNull, withDefault } from '../params.ts'
import { done } from './own.ts'

const limit = withDefault(count(1000), 50)

/** Longest sound: a day, in milliseconds. */
const maxDurationMs = 86_400_000

/** Messages: read, sent, changed, and what became of them. */
export const messageMethods = {
  history: method({
    doc: 'stored messages: at most `limit` (50, to 1000), older than `before`, or those that follow next after `after`; `after: null` is the beginning of the conversation',
    params: { chat, limit, before: optional(text), after: optional(textOrNull) },
    result: result<readonly MessageFact[]>('list of `message`, newest first')
  }),
  search: method({
    doc: 'stored messages that hold `text` in any letter case, at most `limit` (50, to 1000); with `reads` (to 100000) the call ends once about so many were looked at',
    params: { chat, text, limit, before: optional(text), reads: optional(count(100_000)) },
    result: result<SearchFact>(
      '`read` (how many were looked at), `messages`, newest first, and `upTo`: as `before` it goes on from there; `null` at the beginning of the conversation'
    )
  }),
  message: method({ doc: 'one stored message', params: { messageId: text }, result: result<MessageFact>('`message`') }),
  attachment: method({
    doc: 'the image or sound of a message',
    params: { messageId: text },
    result: result<AttachmentFact>('`messageId`, `kind` (`image`, `audio`), `type`, `bytes` (how many), `base64`')
  }),
  attachmentLimit: method({
    doc: 'how large a file may be there now',
    params: { chat },
    result: result<{ readonly bytes: number }>('`bytes`')
  }),
  send: method({
    doc: 'stores and queues a message, and answers before it is posted: `delivery` facts follow, `posted` once a peer was given it, `confirmed` once one says so; `image` and `audio` are base64, and what a camera wrote into an image, such as the place, is left out; `sticker` is `PACK/HASH`, `emoji: true` shows the text large; the same `clientTag` again sends nothing and answers the first result; a public chat is joined',
    params: {
      chat,
      text: optional(text),
      replyTo: optional(text),
      clientTag: optional(text),
      image: optionalBytes,
      audio: optionalBytes,
      durationMs: optional(count(maxDurationMs)),
      sticker: optional(text),
      emoji: withDefault(flag, false)
    },
    result: result<SentFact>('`sent`')
  }),
  react: method({
    doc: 'reacts to a message, or with `on: false` takes the reaction back; `emoji` is `love`, `thumbs-up`, `thumbs-down`, `laugh`, `sad` or `angry`, or its picture (👍)',
    params: { messageId: text, emoji: text, on: withDefault(flag, true) },
    result: result<ChangedFact>('`reacted`')
  }),
  edit: method({
    doc: 'changes the text of a message of ours',
    params: { messageId: text, text },
    result: result<ChangedFact>('`edited`')
  }),
  delete: method({
    doc: 'deletes a message of ours for all recipients',
    params: { messageId: text },
    result: result<ChangedFact>('`deleted`')
  }),
  seen: method({
    doc: 'marks a conversation as read, all of it or up to one message',
    params: { chat, upTo: optional(text) },
    result: result<{ readonly messages: number }>('`messages`: how many were unread')
  }),
  ledger: method({
    doc: 'what became of a message, or of the `change` of `react`, `edit` and `delete`',
    params: { messageId: text },
    result: result<LedgerFact | null>('`ledger`, or `null`')
  }),
  retry: method({
    doc: 'tries now what is waiting, for one person or all; answers once it was tried',
    params: { publicKey: optional(person) },
    result: done
  }),
  cancel: method({
    doc: 'gives up what was not acknowledged yet',
    params: { messageId: text },
    result: done
  })
}
