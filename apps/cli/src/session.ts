import { equalBytes } from '@status-stack/crypto'
import { openAccount, readPublicAccount } from './account.ts'
import { createSkewMemory, noticeView, skewView } from './clock-facts.ts'
import { isOwnSocket, readHolder } from './daemon/holder.ts'
import type { RemoteClient, SharedClient } from './daemon/remote.ts'
import { CliError } from './errors.ts'
import type { Globals } from './globals.ts'
import { reportHistory } from './mail/report.ts'
import { peerFile } from './network/peer-file.ts'
import type { Output } from './output.ts'
import { withPassword } from './password.ts'
import { type Profile, profileOf } from './profile.ts'
import { interruption } from './signals.ts'
import { openStack, type Stack, whenConnected } from './stack.ts'
import { deliveryView, hexKey, refusedView, type View } from './view.ts'

interface Around {
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal
  /** Prints one fact that was asked for. */
  readonly show: (view: View) => void
}

/** A client that this process runs. */
export interface OwnSession extends Stack, Around {}

/** A client, wherever it runs: in this process, or in the daemon of the profile. */
export interface Session extends Around {
  readonly client: SharedClient
  /** What runs the client here; absent when the daemon does. */
  readonly stack?: Stack | undefined
}

export interface SessionOptions {
  /** `offline` reads the store and makes no connection; `online` waits for a peer; `anyway` starts without waiting. */
  readonly network: 'offline' | 'online' | 'anyway'
  readonly chaos?: string | undefined
  /** Asks the mailservers by itself for what was missed. @default true */
  readonly autoHistory?: boolean
  /** Print what happens to what is sent, and what is refused. @default true */
  readonly notes?: boolean
}

/** A client looks for peers by itself when it is told to, including when only a bootnode is given. */
export function clientDiscovers({ discovery, resolved }: Globals): boolean {
  return discovery === 'on' || (discovery === 'auto' && resolved.origins.bootnodes === 'flag')
}

/**
 * Runs `work` with the client of the profile: through its daemon where one runs, else with a client of this process.
 * @throws CliError `profile-locked` for settings that the daemon has its own of
 */
export async function withClient<T>(
  options: SessionOptions,
  globals: Globals,
  output: Output,
  work: (session: Session) => Promise<T>
): Promise<T> {
  const remote = await daemonOf(profileOf(globals))
  if (remote === undefined) return withOwnClient(options, globals, output, own => work({ ...own, stack: own }))
  try {
    assertThroughDaemon(globals, options.chaos)
    if (globals.resolved.origins.peers === 'flag')
      output.note({ event: 'through-daemon' }, '· through the daemon of this profile: its peers are used, not --peer')
    const signal = AbortSignal.any([interruption(), remote.gone])
    if (options.notes !== false) noteFacts(remote.client, output)
    if (options.network === 'online') await whenConnected(remote.client, globals.timeout * 1000, signal)
    const result = await work({ client: remote.client, signal, show: showOn(output) })
    if (remote.gone.aborted) throw new CliError('failed', 'daemon-gone', 'the daemon of this profile has ended')
    return result
  } finally {
    remote.close()
  }
}

/** The same, always with a client of this process. @throws CliError `profile-locked` when another process has one */
export async function withOwnClient<T>(
  options: SessionOptions,
  globals: Globals,
  output: Output,
  work: (session: OwnSession) => Promise<T>
): Promise<T> {
  const profile = profileOf(globals)
  const account = await withPassword(globals, password => openAccount(profile, password))
  const signal = interruption()
  const offline = options.network === 'offline'
  const stack = await openStack(
    profile,
    account,
    {
      peers: offline ? [] : globals.peers,
      mailservers: offline ? [] : globals.mailservers,
      autoHistory: options.autoHistory,
      listen: offline ? undefined : globals.listen,
      pfs: globals.pfs,
      chaos: options.chaos,
      command: globals.command,
      netRestrict: globals.netRestrict,
      discovery:
        offline || !clientDiscovers(globals)
          ? undefined
          : { bootnodes: globals.bootnodes, port: globals.discoveryPort, store: peerFile(profile) }
    },
    output
  )
  try {
    if (options.notes !== false) {
      noteFacts(stack.client, output)
      if (options.autoHistory !== false) reportHistory(stack.client, output)
    }
    if (!offline) await stack.start()
    if (options.network === 'online') await whenConnected(stack.client, globals.timeout * 1000, signal)
    return await work({ ...stack, signal, show: showOn(output) })
  } finally {
    await stack.stop()
  }
}

const showOn =
  (output: Output) =>
  ({ event, text }: View): void =>
    output.data(event, text)

/** Says what happens to what is sent, and what is refused. */
function noteFacts(client: Pick<SharedClient, 'on' | 'publicKey'>, output: Output): void {
  const note = ({ event, text }: View): void => output.note(event, text)
  let last = ''
  client.on('delivery', fact => {
    const view = deliveryView(fact)
    if (output.json) return note(view)
    // People are told of others, and once: copies to own devices and a second attempt that changed nothing are noise.
    const own = fact.recipient !== undefined && equalBytes(fact.recipient, client.publicKey)
    if (own || view.text === last) return output.verbose(view.text)
    last = view.text
    note(view)
  })
  client.on('refused', fact => {
    const view = refusedView(fact)
    // Ordinary traffic, in which nothing is lost, is nothing to tell people of.
    if (fact.expected && !output.json) output.verbose(view.text)
    else note(view)
  })
  const telling = createSkewMemory()
  client.on('skew', fact => {
    if (telling(fact) || output.json) note(skewView(fact))
  })
  client.on('notice', fact => note(noticeView(fact)))
}

/** Whether a daemon says that it has this profile: its settings count then, not those of this process. */
export async function daemonRuns(globals: Globals): Promise<boolean> {
  const socket = (await readHolder(profileOf(globals)))?.socket
  return socket !== undefined && (await isOwnSocket(socket))
}

/** The daemon that has the profile open and answers. */
async function daemonOf(profile: Profile): Promise<RemoteClient | undefined> {
  const socket = (await readHolder(profile))?.socket
  if (socket === undefined || !(await isOwnSocket(socket))) return undefined
  const { publicKey } = await readPublicAccount(profile)
  const { connectRemoteClient } = await import('./daemon/remote.ts')
  try {
    return await connectRemoteClient(socket, hexKey(publicKey))
  } catch (error) {
    // No process listens there: the lock of the database says whether the profile is free.
    if (error instanceof CliError && error.code === 'no-daemon') return undefined
    throw error
  }
}

/** Flags that say how a client of this process would run. */
function assertThroughDaemon({ resolved }: Globals, chaos: string | undefined): void {
  const { origins } = resolved
  const flag =
    chaos !== undefined
      ? '--chaos'
      : origins.listen === 'flag'
        ? '--listen'
        : origins.pfs === 'flag'
          ? '--pfs'
          : origins.mailservers === 'flag'
            ? '--mailserver'
            : undefined
  if (flag === undefined) return
  throw new CliError(
    'locked',
    'profile-locked',
    `the daemon of this profile is running, and ${flag} is for a client of its own`,
    `leave ${flag} away, or end the daemon`
  )
}
