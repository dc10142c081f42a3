import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { Conversation } from '../state/conversation.ts'
import type { Messenger } from '../state/messenger.ts'
import { About } from './about.tsx'
import { Composer } from './composer.tsx'
import { holdPlace } from './hold-place.ts'
import { MessageItem } from './message-item.tsx'

interface PaneProps {
  readonly messenger: Messenger
  readonly conversation: Conversation
}

/** One conversation: its head, its messages, and where one writes. */
export function ChatPane({ messenger, conversation }: PaneProps) {
  const { chat } = conversation
  const heading = useRef<HTMLHeadingElement>(null)
  // What opened it may be out of sight now: who uses the keyboard goes on from here.
  useEffect(() => heading.current?.focus(), [])
  const known = messenger.chats.find(conversation.id)
  const invited = known?.group?.member === true && !known.group.joined
  return (
    <section class="chat" aria-label={messenger.chats.titleOf(chat)}>
      <div class="chat-head">
        <button type="button" class="back" onClick={() => void messenger.closeChat()}>
          Back
        </button>
        <h2 ref={heading} tabIndex={-1}>
          <bdi>{messenger.chats.titleOf(chat)}</bdi>
        </h2>
        <About messenger={messenger} conversation={conversation} />
      </div>
      <Log messenger={messenger} conversation={conversation} />
      {known?.request === true ? (
        <p class="actions">
          This person is no contact of yours.
          <button type="button" onClick={() => void conversation.accept()}>
            Accept
          </button>
        </p>
      ) : null}
      {invited ? (
        <p class="actions">
          You are invited to this group.
          <button type="button" class="main" onClick={() => void messenger.joinGroup(conversation.id)}>
            Join
          </button>
        </p>
      ) : null}
      <Composer conversation={conversation} messenger={messenger} />
    </section>
  )
}

/** The messages, oldest first. New ones are read out. The view stays at the end unless a person scrolled up. */
function Log({ messenger, conversation }: PaneProps) {
  const box = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const lines = conversation.lines.value
  useLayoutEffect(() => {
    const { current } = box
    if (current !== null && atEnd.current) current.scrollTop = current.scrollHeight
  }, [lines])
  useEffect(() => {
    const look = (): void => void conversation.seen().catch(() => undefined)
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [conversation])
  const loadOlder = async (): Promise<void> => {
    const { current } = box
    const putBack = current === null ? undefined : holdPlace(current, current.querySelector('article'))
    await conversation.loadOlder()
    // Once they are drawn.
    requestAnimationFrame(() => putBack?.())
  }
  return (
    <div
      ref={box}
      class="log"
      role="log"
      aria-label="Messages"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard.
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        atEnd.current = scrollHeight - scrollTop - clientHeight < 40
      }}
    >
      {conversation.older.value ? (
        <button type="button" onClick={() => void loadOlder()}>
          Older messages
        </button>
      ) : null}
      {lines.map(line => (
        <MessageItem key={line.message.messageId} line={line} messenger={messenger} conversation={conversation} />
      ))}
      {conversation.later.value ? (
        <button type="button" onClick={() => void conversation.toLatest()}>
          Latest messages
        </button>
      ) : null}
    </div>
  )
}
