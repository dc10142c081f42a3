import { useSignal } from '@preact/signals'
import type { ChatLine } from '../state/chat-list.ts'
import type { Messenger } from '../state/messenger.ts'
import { Field, Form } from './fields.tsx'
import { NewGroup } from './new-group.tsx'

/** All conversations, and ways to begin one. */
export function ChatList({ messenger }: { readonly messenger: Messenger }) {
  const { chats } = messenger
  const requests = chats.requests.value
  return (
    <section class="chat-list" aria-label="Conversations">
      <Begin messenger={messenger} />
      <nav aria-label="Conversations">
        <ul class="plain">
          {chats.lines.value.map(line => (
            <Line key={line.id} line={line} messenger={messenger} />
          ))}
        </ul>
        {requests.length === 0 ? null : (
          <>
            <h2>Requests of strangers</h2>
            <ul class="plain">
              {requests.map(line => (
                <Line key={line.id} line={line} messenger={messenger} />
              ))}
            </ul>
          </>
        )}
      </nav>
    </section>
  )
}

function Line({ line, messenger }: { readonly line: ChatLine; readonly messenger: Messenger }) {
  const { chat, title } = line
  const chosen = messenger.conversation.value?.id === line.id
  return (
    <li>
      <button
        type="button"
        class="chat-line"
        aria-current={chosen ? 'true' : undefined}
        onClick={() => void messenger.openChat(chat.chat)}
      >
        <bdi class="title">{title}</bdi>
        {chat.unread === 0 ? null : (
          <span class="unread">
            {chat.unread}
            <span class="hidden"> unread</span>
          </span>
        )}
      </button>
    </li>
  )
}

function Begin({ messenger }: { readonly messenger: Messenger }) {
  const target = useSignal('')
  return (
    <details class="begin">
      <summary>New conversation</summary>
      <Form
        task={messenger.task}
        action="Open"
        onSubmit={() =>
          void messenger.openTarget(target.value).then(opened => {
            if (opened) target.value = ''
          })
        }
      >
        <Field label="Person or public chat" hint="A key (zQ3sh…), an invite link, or #name" typed={target} />
      </Form>
      <NewGroup messenger={messenger} />
    </details>
  )
}
