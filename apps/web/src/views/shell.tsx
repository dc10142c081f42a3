import type { App } from '../state/app.ts'
import type { Messenger, Place } from '../state/messenger.ts'
import type { Task } from '../state/problem.ts'
import { ChatList } from './chat-list.tsx'
import { ChatPane } from './chat-pane.tsx'
import { Inspector } from './inspector.tsx'
import { Me } from './me.tsx'
import { Network } from './network.tsx'
import { Reports } from './reports.tsx'
import { StatusLine } from './status-line.tsx'

const places: readonly (readonly [Place, string])[] = [
  ['chats', 'Chats'],
  ['inspector', 'Inspector'],
  ['me', 'My key'],
  ['network', 'Network']
]

const damaged = 'The addresses that were kept cannot be read: enter them again under Network.'

/** All that a person can start here. */
function tasksOf(app: App, messenger: Messenger): readonly Task[] {
  const conversation = messenger.conversation.value
  const { task, history, inspection } = messenger
  return [app.task, task, history.task, inspection.task, ...(conversation === undefined ? [] : [conversation.task])]
}

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
              onClick={() => {
                app.task.dismiss()
                messenger.goTo(name)
              }}
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
      <Reports
        tasks={tasksOf(app, messenger)}
        lasting={messenger.settingsDamaged ? [damaged] : []}
        notices={messenger.notices}
      />
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
