import { type Account, createAccount } from '@status-stack/account-rpc'
import { keyHex } from '@status-stack/account-rpc/targets'
import { type LearnedNames, namesOfAccount, reportHistory, type View } from '@status-stack/account-rpc/words'
import { endWithin, interruption } from '@status-stack/command-line/process'
import { assertFree } from '@status-stack/profiles'
import { peerFile, readAccount } from '@status-stack/profiles/folder'
import { readAliasWords } from './alias-words.ts'
import { assertThroughDaemon, daemonOf } from './daemon-account.ts'
import { noteFacts } from './delivery-notes.ts'
import { CliError } from './errors.ts'
import type { Globals } from './globals.ts'
import { openWithSettings } from './open-profile.ts'
import type { Output } from './output.ts'
import { profileOf } from './profile.ts'
import { checkStack, openStack, type Stack } from './stack.ts'
import { version } from './version.ts'
import { assertPeersPossible, clientDiscovers, whenConnected } from './when-connected.ts'

/** What a command runs with, wherever the account is open. */
export interface Session {
  readonly account: Account
  /** `0x04…` */
  readonly publicKey: string
  /** What runs the account here; absent when the daemon does. */
  readonly stack?: Stack | undefined
  /** Aborts on Ctrl-C, and when the daemon has ended. */
  readonly signal: AbortSignal
  /** What people are called. */
  readonly names: LearnedNames
  /** Prints one fact that was asked for. */
  readonly show: (view: View) => void
}

/** The same where this process runs the account. */
export type OwnSession = Session & { readonly stack: Stack }

export interface SessionOptions {
  /** `offline` reads the store and makes no connection; `online` waits for a peer; `background` connects without waiting. */
  readonly network: 'offline' | 'online' | 'background'
  /** `--simulate-network` as it was typed. */
  readonly simulateNetwork?: string | undefined
  /** Asks the mailservers by itself for what was missed. @default true */
  readonly autoHistory?: boolean
  /** Print what happens to what is sent, and what is refused. @default true */
  readonly notes?: boolean
  /** The command says in one line what became of its message: what happens on the way is for those who asked for more. */
  readonly brief?: boolean
}

/**
 * Runs `work` with the account of the profile: through its daemon where one runs, else with a client of this process.
 * @throws CliError `profile-locked` for settings that the daemon has its own of
 */
export async function withAccount<T>(
  options: SessionOptions,
  globals: Globals,
  output: Output,
  work: (session: Session) => Promise<T>
): Promise<T> {
  const daemon = await daemonOf(profileOf(globals))
  if (daemon === undefined) return withOwnAccount(options, globals, output, work)
  const { account, publicKey } = daemon
  try {
    assertThroughDaemon(globals, options.simulateNetwork)
    if (globals.resolved.origins.peers === 'flag')
      output.note({ event: 'through-daemon' }, '· through the daemon of this profile: its peers are used, not --peer')
    const signal = AbortSignal.any([interruption(), account.ended])
    const words = await readAliasWords(globals.aliasWords, output)
    const names = await namesOfAccount(account, { self: publicKey, words })
    if (options.notes !== false) noteFacts(account, publicKey, names, output, options.brief)
    if (options.network === 'online') await whenConnected(account, globals.timeout * 1000, signal)
    const result = await work({ account, publicKey, signal, names, show: showOn(output) })
    if (account.ended.aborted) throw new CliError('failed', 'daemon-gone', 'the daemon of this profile has ended')
    return result
  } finally {
    account.close()
  }
}

/** The same, always with a client of this process. @throws CliError `profile-locked` when another process has one */
export async function withOwnAccount<T>(
  options: SessionOptions,
  globals: Globals,
  output: Output,
  work: (session: OwnSession) => Promise<T>
): Promise<T> {
  const profile = profileOf(globals)
  // That there is no such profile is said first: nothing else helps then.
  await readAccount(profile)
  if (options.network === 'online') assertPeersPossible(globals)
  checkStack({ ...globals, simulateNetwork: options.simulateNetwork })
  await assertFree(profile)
  const words = await readAliasWords(globals.aliasWords, output)
  const opened = await openWithSettings(profile, globals)
  const signal = interruption()
  endWithin(signal, mostStopMs, () =>
    output.note({ event: 'warning', code: 'cut-short' }, '! ended before everything was closed; what is queued is kept')
  )
  const offline = options.network === 'offline'
  const stack = await openStack(
    profile,
    opened,
    {
      privacy: globals.privacy,
      peers: offline ? [] : globals.peers,
      mailservers: offline ? [] : globals.mailservers,
      autoHistory: options.autoHistory,
      listen: offline ? undefined : globals.listen,
      pfs: globals.pfs,
      simulateNetwork: options.simulateNetwork,
      command: globals.command,
      brief: options.brief,
      netRestrict: globals.netRestrict,
      discovery:
        offline || !clientDiscovers(globals)
          ? undefined
          : { bootnodes: globals.bootnodes, port: globals.discoveryPort, store: peerFile(profile) }
    },
    output
  )
  const account = createAccount(stack.client, { version: version(), mailservers: globals.mailservers.length })
  const publicKey = keyHex(stack.client.publicKey)
  try {
    const names = await namesOfAccount(account, { self: publicKey, words })
    if (options.notes !== false) {
      noteFacts(account, publicKey, names, output, options.brief)
      if (options.autoHistory !== false) reportHistory(account, output)
    }
    signal.addEventListener('abort', stack.holdQueue)
    if (!offline) await stack.start()
    if (options.network === 'online') await whenConnected(account, globals.timeout * 1000, signal)
    return await work({ account, publicKey, stack, signal, names, show: showOn(output) })
  } finally {
    await stack.stop({ hurry: signal.aborted })
    account.stop()
  }
}

/**
 * BOUNDED: how long the end may take once a signal asked for it, three seconds with the time that a busy machine takes to hear the signal
 * and to end a process. All of it takes half a second otherwise.
 */
const mostStopMs = 1800

const showOn =
  (output: Output) =>
  ({ event, text }: View): void =>
    output.data(event, text)
