import type { Account } from '@status-stack/account-rpc'
import { waitFor } from '@status-stack/command-line/process'
import { CliError } from './errors.ts'
import type { Globals } from './globals.ts'

/** What could bring a peer. */
type Ways = Pick<Globals, 'peers' | 'mailservers' | 'listen' | 'discovery' | 'resolved'>

/** What became of what was to be sent: a command that waits first has done nothing, a conversation has stored it. */
export type WithoutPeer = 'nothing-kept' | 'kept'

const withoutPeer: Readonly<Record<WithoutPeer, string>> = {
  'nothing-kept': 'nothing was sent or kept',
  kept: 'what was written is kept, and sent by the next run that has a peer'
}

/** Where nothing could ever bring a peer there is nothing to wait for. @throws CliError `no-peer` */
export function assertPeersPossible(globals: Ways, left: WithoutPeer = 'nothing-kept'): void {
  const { peers, mailservers, listen } = globals
  if (peers.length + mailservers.length > 0 || listen !== undefined || clientDiscovers(globals)) return
  throw new CliError(
    'unreachable',
    'no-peer',
    `no peer is set, so none can be reached; ${withoutPeer[left]}`,
    'name one with --peer, as `peers` in the settings file (`status-stack config path`), or find some with --bootnode'
  )
}

/** A client looks for peers by itself when it is told to, including when only a bootnode is given. */
export function clientDiscovers({ discovery, resolved }: Pick<Globals, 'discovery' | 'resolved'>): boolean {
  return discovery === 'on' || (discovery === 'auto' && resolved.origins.bootnodes === 'flag')
}

/** Waits until a peer is connected. @throws CliError `unreachable` */
export async function whenConnected(
  account: Pick<Account, 'peers' | 'on'>,
  timeoutMs: number,
  signal: AbortSignal,
  left: WithoutPeer = 'nothing-kept'
): Promise<void> {
  const connected = new AbortController()
  const look = (): void => {
    account.peers().then(
      peers => peers.length > 0 && connected.abort(),
      // The connection to the account has ended, and says so where it is waited for.
      () => undefined
    )
  }
  const off = account.on('peer', look)
  look()
  const why = await waitFor(AbortSignal.any([connected.signal, signal]), timeoutMs)
  off()
  if (connected.signal.aborted) return
  if (why === 'aborted') throw new CliError('interrupted', 'interrupted', 'interrupted')
  throw new CliError(
    'unreachable',
    'no-peer',
    `no peer could be reached in ${timeoutMs / 1000} s; ${withoutPeer[left]}`,
    'check --peer, and that the node runs; `status-stack daemon` keeps what is sent until there is a peer'
  )
}
