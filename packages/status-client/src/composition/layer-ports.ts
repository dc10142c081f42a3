import type { IdentityKey, PrivacyLayer, ReceivedMessage, SyncPorts } from '@status-stack/interface'
import { ClientError } from '../errors.ts'
import type { HistoryPorts } from '../listening/history.ts'
import type { HeldReason } from '../types.ts'
import type { Core } from './core.ts'

const outcomes: Readonly<Record<string, HeldReason>> = { 'given-up': 'age', 'too-large': 'too-large', nobody: 'nobody' }

/** Notes how sync ended with a message, and lets go of its body. */
export const noteSettled =
  (core: Core): SyncPorts['settled'] =>
  async ({ peer, tracking, outcome, device }) => {
    if (outcome === 'acknowledged')
      await core.deliveries.note(tracking, { recipient: peer, state: 'acknowledged', by: device })
    // Of what was sent once no more is known than what posting has noted.
    else if (outcome !== 'sent')
      await core.deliveries.note(tracking, {
        recipient: peer,
        state: 'given-up',
        reason: outcomes[outcome] ?? 'failed'
      })
    await core.bodies.release(tracking, peer)
  }

/** Pages of history from the servers of a network, in the name of a node key: the server learns nothing lasting. */
export const historyPages =
  <Route, Interest>(
    core: Core,
    privacy: PrivacyLayer<Route, Interest>,
    node: IdentityKey
  ): HistoryPorts<Interest>['page'] =>
  (server, query, signal) => {
    const password = core.options.mailserverPasswords.get(server)
    if (privacy.history === undefined) {
      throw new ClientError('history-failed', 'history: this network has no servers for it', {
        origin: 'environment'
      })
    }
    return privacy.history(server, {
      ...query,
      signer: node,
      ...(password === undefined ? {} : { password }),
      ...(signal === undefined ? {} : { signal })
    })
  }

/** One delivery that could not be handled must not stop the subscription. It was not acknowledged: it comes again. */
export const guarded =
  (core: Core, handle: (delivery: ReceivedMessage) => Promise<void>) =>
  async (delivery: ReceivedMessage): Promise<void> => {
    try {
      await handle(delivery)
    } catch (error) {
      core.log.error('a delivery could not be handled', { error: String(error) })
      core.emit('refused', { layer: 'data', reason: 'internal', final: false, expected: false })
    }
  }
