import type { Connection } from '../session/connection.ts'
import type { Messenger } from '../state/messenger.ts'

/** A connection in words. */
function connectionText({ state, peers, failure }: Connection): string {
  if (state === 'connected') return peers === 1 ? 'Connected' : `Connected to ${peers} nodes`
  if (state === 'nowhere') return 'Not connected: no node is known'
  return failure === undefined ? 'Connecting…' : `No node answers (${failure}); trying again`
}

/** Connection, proof of work and history, each read out when it changes. */
export function StatusLine({ messenger }: { readonly messenger: Messenger }) {
  const { session, history } = messenger
  const connection = session.connection.value
  const { searches, done } = session.work.state.value
  const { state, deliveries } = history.state.value
  return (
    <div class="status">
      <span role="status" data-connection={connection.state}>
        {connectionText(connection)}
      </span>
      {searches === 0 ? null : (
        <span class="work">
          <label>
            Proof of work{searches > 1 ? ` for ${searches} messages` : ''} <progress max={1} value={done} />
          </label>
        </span>
      )}
      {state === 'idle' || state === 'failed' ? null : (
        <span role="status">{state === 'asking' ? 'Fetching what you missed…' : `History fetched: ${deliveries}`}</span>
      )}
    </div>
  )
}
