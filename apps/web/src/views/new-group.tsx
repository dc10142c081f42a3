import { useSignal } from '@preact/signals'
import { keyHex } from '@status-stack/account-rpc/targets'
import type { Messenger } from '../state/messenger.ts'
import { Field, Form } from './fields.tsx'

/** Makes a private group of contacts. */
export function NewGroup({ messenger }: { readonly messenger: Messenger }) {
  const name = useSignal('')
  const chosen = useSignal<ReadonlySet<string>>(new Set())
  const contacts = [...messenger.people.all.value.values()].filter(({ added, blocked }) => added && !blocked)
  const members = contacts.map(({ publicKey }) => publicKey).filter(key => chosen.value.has(keyHex(key)))
  const toggle = (key: string, on: boolean): void => {
    const next = new Set(chosen.value)
    if (on) next.add(key)
    else next.delete(key)
    chosen.value = next
  }
  return (
    <details>
      <summary>New private group</summary>
      <Form
        task={messenger.task}
        action="Make the group"
        onSubmit={() => void messenger.createGroup(name.value, members)}
      >
        <Field label="Name of the group" required typed={name} />
        <fieldset>
          <legend>Members</legend>
          {contacts.length === 0 ? <p class="hint">Add people to your contacts first.</p> : null}
          {contacts.map(({ publicKey }) => (
            <label key={keyHex(publicKey)} class="check">
              <input
                type="checkbox"
                checked={chosen.value.has(keyHex(publicKey))}
                onChange={event => toggle(keyHex(publicKey), event.currentTarget.checked)}
              />
              <bdi>{messenger.people.nameOf(publicKey)}</bdi>
            </label>
          ))}
        </fieldset>
      </Form>
    </details>
  )
}
