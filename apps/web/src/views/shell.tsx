import type { App } from '../state/app.ts'
import type { Messenger, Place } from '../state/messenger.ts'
import { ChatList } from './chat-list.tsx'
import { ChatPane } from './chat-pane.tsx'
import { Inspector } from './inspector.tsx'
import { Me } from './me.tsx'
import { Network } from './network.tsx'
import { StatusLine } from './status-line.tsx'

const places: readonly (readonly [Place, string])[] = [
  ['chats', 'Chats'],
  ['inspector', 'Inspector'],
  ['me', 'My key'],
  ['network', 'Network']
]

/** An open account: where one is, what is going on, and the part that was chosen. */
export function Shell({ app, messenger }: { readonly app: App; readonly messenger: Messenger }) {
  const place = messenger.place.value
  return (
    <div class="shell">
      <header>
        <h1 tabIndex={-1}>Status Stack</h1>
        <nav aria-label="Parts of the page">
          {places.map(([name, label]) => (
            <button
              key={name}
              type="button"
              aria-current={place === name ? 'page' : undefined}
              onClick={() => messenger.goTo(name)}
            >
              {label}
            </button>
          ))}
          <button type="button" onClick={() => void app.lock()}>
            Lock
          </button>
        </nav>
        <StatusLine messenger={messenger} />
      </header>
      <Notices messenger={messenger} />
      <Part app={app} messenger={messenger} place={place} />
    </div>
  )
}

function Part({ app, messenger, place }: { readonly app: App; readonly messenger: Messenger; readonly place: Place }) {
  switch (place) {
    case 'chats':
      return <Chats messenger={messenger} />
    case 'inspector':
      return (
        <main class="page">
          <h2>Inspector</h2>
          <Inspector inspection={messenger.inspection} />
        </main>
      )
    case 'me':
      return <Me app={app} messenger={messenger} />
    case 'network':
      return <Network app={app} messenger={messenger} />
  }
}

function Chats({ messenger }: { readonly messenger: Messenger }) {
  const conversation = messenger.conversation.value
  return (
    <main class={conversation === undefined ? 'chats' : 'chats chosen'}>
      <ChatList messenger={messenger} />
      {conversation === undefined ? (
        <p class="nothing">Choose a conversation, or begin one with a key, an invite link or a #name.</p>
      ) : (
        <ChatPane key={conversation.id} messenger={messenger} conversation={conversation} />
      )}
    </main>
  )
}

function Notices({ messenger: { notices } }: { readonly messenger: Messenger }) {
  return (
    <div role="status" class="notices">
      {notices.all.value.map(({ id, text }) => (
        <p key={id}>
          {text}{' '}
          <button type="button" class="link" onClick={() => notices.dismiss(id)}>
            Dismiss
          </button>
        </p>
      ))}
    </div>
  )
}
