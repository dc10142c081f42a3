import { describeProtection, type Emoji, type Message } from '@status-stack/status-client'
import type { Conversation } from '../state/conversation.ts'
import type { MessageLine } from '../state/message-window.ts'
import type { Messenger } from '../state/messenger.ts'
import { textParts } from '../state/text-parts.ts'
import { longTime, shortTime } from '../state/times.ts'
import { Final } from './fields.tsx'
import { Picture } from './picture.tsx'

/** How reactions look, and what they are called. */
const reactions: readonly (readonly [emoji: Emoji, sign: string, name: string])[] = [
  ['love', '❤️', 'Love'],
  ['thumbs-up', '👍', 'Thumbs up'],
  ['thumbs-down', '👎', 'Thumbs down'],
  ['laugh', '😂', 'Laugh'],
  ['sad', '😢', 'Sad'],
  ['angry', '😠', 'Angry']
]

interface ItemProps {
  readonly line: MessageLine
  readonly messenger: Messenger
  readonly conversation: Conversation
}

/** One message. */
export function MessageItem({ line, messenger, conversation }: ItemProps) {
  const { message, mark, quoted } = line
  if (message.content.kind === 'system') {
    return (
      <p class="system">
        <bdi>{plainText(message.text)}</bdi>
      </p>
    )
  }
  const who = messenger.people.nameOf(message.author)
  return (
    <article
      class={message.outgoing ? 'message mine' : 'message'}
      aria-label={`${who}, ${shortTime(message.timestampMs)}`}
    >
      <p class="about">
        <bdi class="author">{who}</bdi>{' '}
        <time title={longTime(message.timestampMs)}>{shortTime(message.timestampMs)}</time>
      </p>
      {message.replyTo === undefined ? null : (
        <blockquote dir="auto">
          {quoted === undefined ? 'A message that is not here' : plainText(quoted.text).slice(0, 120)}
        </blockquote>
      )}
      <Body message={message} />
      <p class="foot">
        <span class={`protection ${message.protection}`}>{describeProtection(message.protection)}</span>
        {message.editedMs === undefined ? null : <span>edited</span>}
        {message.old === true ? <span>written earlier</span> : null}
        {mark === undefined ? null : (
          <span class={`mark ${mark.color ?? ''}`} data-mark={mark.words}>
            <span aria-hidden="true">{mark.sign} </span>
            {mark.words}
          </span>
        )}
        <Reactions message={message} />
      </p>
      {message.deleted ? null : <Actions message={message} conversation={conversation} />}
    </article>
  )
}

const plainText = (text: string): string =>
  textParts(text)
    .map(part => part.text)
    .join('')

function Body({ message }: { readonly message: Message }) {
  const { content, text, deleted } = message
  if (deleted) return <p class="gone">Deleted</p>
  return (
    <>
      {content.kind === 'image' ? <Picture bytes={content.bytes} type={content.type} /> : null}
      {content.kind === 'audio' ? (
        <p class="gone">A sound of {Math.round(content.durationMs / 1000)} s: this page does not play it</p>
      ) : null}
      {content.kind === 'sticker' ? <p class="gone">A sticker</p> : null}
      {content.kind === 'command' ? <p class="gone">A payment, {content.command.state}: this page makes none</p> : null}
      {content.kind === 'unsupported' ? <p class="gone">A message that this page cannot show</p> : null}
      {text === '' ? null : <Words text={text} />}
    </>
  )
}

/** A text of others: every piece is a text node, and its direction is that of its own first letter. */
function Words({ text }: { readonly text: string }) {
  return (
    <p class="text" dir="auto">
      {textParts(text).map((part, at) =>
        part.kind === 'link' ? (
          <a key={at} href={part.href} rel="noopener noreferrer" target="_blank">
            {part.text}
          </a>
        ) : (
          <span key={at} class={part.kind}>
            {part.text}
          </span>
        )
      )}
    </p>
  )
}

function Reactions({ message }: { readonly message: Message }) {
  const counted = reactions
    .map(([emoji, sign, name]) => [sign, name, message.reactions.filter(one => one.emoji === emoji).length] as const)
    .filter(([, , count]) => count > 0)
  return (
    <>
      {counted.map(([sign, name, count]) => (
        <span key={name} class="reaction">
          <span aria-hidden="true">{sign} </span>
          <span class="hidden">{name} </span>
          {count}
        </span>
      ))}
    </>
  )
}

/** What one can do with a message: behind one button, so that a long conversation is quick to walk through. */
function Actions({ message, conversation }: { readonly message: Message; readonly conversation: Conversation }) {
  return (
    <details class="more">
      <summary>
        <span class="hidden">Actions for this message</span>
        <span aria-hidden="true">⋯</span>
      </summary>
      <div class="actions">
        <button
          type="button"
          onClick={() => {
            conversation.replyTo.value = message
          }}
        >
          Reply
        </button>
        {message.outgoing && message.content.kind === 'text' ? (
          <button type="button" onClick={() => conversation.beginEdit(message)}>
            Edit
          </button>
        ) : null}
        {message.outgoing ? (
          <Final
            label="Delete"
            consequence="It is deleted for all who have it."
            action="Delete for everyone"
            onSure={() => void conversation.remove(message)}
          />
        ) : null}
        {reactions.map(([emoji, sign, name]) => (
          <button key={emoji} type="button" aria-label={name} onClick={() => void conversation.react(message, emoji)}>
            {sign}
          </button>
        ))}
      </div>
    </details>
  )
}
