import { useSignal } from '@preact/signals'
import { encodeKeyText } from '@status-stack/status-accounts'
import type { Contact, GroupInfo, PublicKey } from '@status-stack/status-client'
import type { Conversation } from '../state/conversation.ts'
import type { Messenger } from '../state/messenger.ts'
import { Field, Final, Form } from './fields.tsx'

interface AboutProps {
  readonly messenger: Messenger
  readonly conversation: Conversation
}

const daySeconds = 86_400

/** What ends a conversation of each kind. */
const endings = {
  'one-to-one': {
    label: 'Delete the messages here',
    consequence: 'All messages of this conversation are deleted from this browser; theirs stay with them.',
    action: 'Delete all of them'
  },
  public: {
    label: 'Leave',
    consequence: 'What is written here does not come any more.',
    action: 'Leave this chat'
  },
  group: {
    label: 'Leave',
    consequence: 'All members are told, and only an admin can invite you again.',
    action: 'Leave this group'
  }
} as const

/** What there is to know and to do about a conversation. */
export function About({ messenger, conversation }: AboutProps) {
  const { chat } = conversation
  const group = messenger.chats.find(conversation.id)?.group
  return (
    <details class="about-chat">
      <summary>About</summary>
      <div class="panel">
        {chat.kind === 'public' ? <p>Anyone who knows the name #{chat.name} can read and write here.</p> : null}
        {chat.kind === 'one-to-one' ? <Person messenger={messenger} publicKey={chat.publicKey} /> : null}
        {chat.kind === 'group' && group !== undefined ? (
          <Group messenger={messenger} id={chat.id} group={group} />
        ) : null}
        <p class="actions">
          {messenger.history.possible ? (
            <button
              type="button"
              disabled={messenger.history.task.busy.value}
              onClick={() => void messenger.history.fetch(chat, 7 * daySeconds)}
            >
              Fetch the last 7 days
            </button>
          ) : null}
        </p>
        <Final {...endings[chat.kind]} onSure={() => void messenger.leave(chat)} />
      </div>
    </details>
  )
}

const minimums: readonly (readonly [Contact['minimum'], string])[] = [
  ['auto', 'Automatic: nothing weaker than what was seen'],
  ['forward-secret', 'Forward secret only'],
  ['static-key', 'Encrypted at least'],
  ['any', 'Whatever arrives']
]

function Person({ messenger, publicKey }: { readonly messenger: Messenger; readonly publicKey: PublicKey }) {
  const contact = messenger.people.contactOf(publicKey)
  const change = (what: Parameters<Messenger['setContact']>[1]) => () => void messenger.setContact(publicKey, what)
  return (
    <>
      <p>
        Key: <code class="key">{encodeKeyText(publicKey)}</code>
      </p>
      {contact === undefined ? null : (
        <p>
          Compare these numbers with theirs: <code>{contact.safetyText}</code>
        </p>
      )}
      {contact?.requestReceived === true && !contact.added ? <p>They have added you.</p> : null}
      <p class="actions">
        <button type="button" onClick={change(contact?.added === true ? 'remove' : 'add')}>
          {contact?.added === true ? 'Remove from contacts' : 'Add to contacts'}
        </button>
        <button type="button" onClick={change(contact?.blocked === true ? 'unblock' : 'block')}>
          {contact?.blocked === true ? 'Unblock' : 'Block'}
        </button>
      </p>
      <label>
        Least protection{' '}
        <select
          value={contact?.minimum ?? 'auto'}
          onChange={event => {
            const chosen = minimums.find(([value]) => value === event.currentTarget.value)
            if (chosen !== undefined) void messenger.setMinimum(publicKey, chosen[0])
          }}
        >
          {minimums.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </label>
    </>
  )
}

function Group({
  messenger,
  id,
  group
}: {
  readonly messenger: Messenger
  readonly id: string
  readonly group: GroupInfo
}) {
  const person = useSignal('')
  return (
    <>
      <h3>Members</h3>
      <ul>
        {group.members.map(({ publicKey, admin, joined }) => (
          <li key={encodeKeyText(publicKey)}>
            <bdi>{messenger.people.nameOf(publicKey)}</bdi>
            {admin ? ', admin' : ''}
            {joined ? '' : ', invited'}
          </li>
        ))}
      </ul>
      <Form
        task={messenger.task}
        action="Invite"
        onSubmit={() =>
          void messenger.inviteToGroup(id, person.value).then(invited => {
            if (invited) person.value = ''
          })
        }
      >
        <Field label="Invite a person" hint="A key or an invite link" typed={person} />
      </Form>
    </>
  )
}
