import { useId } from 'preact/hooks'
import type { App } from '../state/app.ts'
import type { Messenger } from '../state/messenger.ts'
import { Form, Tick, type Typed } from './fields.tsx'

const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')

/** Which nodes the account joins. Saving reconnects. */
export function Network({ app, messenger }: { readonly app: App; readonly messenger: Messenger }) {
  const { ownNode, session, notices } = messenger
  const { nodes, mailservers, own } = messenger.typedAddresses
  const refused = [...notices.refused.value]
  return (
    <main class="page">
      <h2>Network</h2>
      <p>
        A page reaches the network through a node that listens for WebSockets. Nodes see which topics you listen on;
        they cannot read your messages.
      </p>
      <Form
        task={app.task}
        action="Save and connect"
        onSubmit={() =>
          void app.saveSettings({
            nodes: linesOf(nodes.value),
            mailservers: linesOf(mailservers.value),
            own: own.value
          })
        }
      >
        {ownNode === undefined ? null : <Tick ticked={own}>Join the node of this page's server</Tick>}
        <Addresses label="Nodes" hint="One address a line: wss://<128 hex digits>@host/path" typed={nodes} />
        <Addresses
          label="Mailservers"
          hint="Nodes that keep messages while this page is closed, best first"
          typed={mailservers}
        />
      </Form>
      <h3>Connected nodes</h3>
      <ul>
        {session.connection.value.peers === 0
          ? null
          : session.client.peers().map(({ peerId }) => (
              <li key={peerId}>
                <code class="key">{peerId}</code>
              </li>
            ))}
      </ul>
      {refused.length === 0 ? null : (
        <>
          <h3>Messages that were not shown</h3>
          <ul>
            {refused.map(([reason, count]) => (
              <li key={reason}>
                {reason}: {count}
              </li>
            ))}
          </ul>
        </>
      )}
    </main>
  )
}

function Addresses({ label, hint, typed }: { readonly label: string; readonly hint: string; readonly typed: Typed }) {
  const id = useId()
  return (
    <p class="field">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        rows={2}
        spellcheck={false}
        aria-describedby={`${id}-hint`}
        value={typed.value}
        onInput={event => {
          typed.value = event.currentTarget.value
        }}
      />
      <span class="hint" id={`${id}-hint`}>
        {hint}
      </span>
    </p>
  )
}
