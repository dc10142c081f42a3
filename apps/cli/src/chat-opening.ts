import { type Account, createAccount } from '@status-stack/account-rpc'
import { attachedAccount, type RemoteAccount } from '@status-stack/account-rpc/client'
import { type KeyHex, keyHex } from '@status-stack/account-rpc/targets'
import { assertTarget, findChat } from '@status-stack/account-rpc/words'
import { interruption, outputEnded } from '@status-stack/command-line/process'
import { type Profile, peerFile } from '@status-stack/profiles/folder'
import type { Opening, Surroundings } from '@status-stack/terminal-chat'
import { readAliasWords } from './alias-words.ts'
import { childEnvironment } from './child-environment.ts'
import { assertThroughDaemon, daemonOf } from './daemon-account.ts'
import { describeError } from './errors.ts'
import type { Globals } from './globals.ts'
import { parseMailservers } from './mail/address.ts'
import { noMailserver } from './mail/fetch.ts'
import { saveAttachment } from './messages/attachment.ts'
import { watchDelivery } from './messages/delivery.ts'
import { readBytes } from './messages/input.ts'
import { openWithSettings } from './open-profile.ts'
import { createOutput, type Output } from './output.ts'
import { onFatalError } from './process-errors.ts'
import { profileOf } from './profile.ts'
import { openStack } from './stack.ts'
import { withLink } from './target.ts'
import { version } from './version.ts'
import { assertPeersPossible, clientDiscovers, whenConnected } from './when-connected.ts'

/** Flags of `chat`. */
export interface ChatOptions {
  readonly simulateNetwork?: string
  /** The chat to begin with. Needed where the input is no terminal: its first line must go somewhere. */
  readonly to?: string
  /** Line by line even on a terminal that could show the full screen. */
  readonly plain?: boolean
}

/**
 * Opens the account: through the daemon of the profile where one runs, else in this process. Nothing is connected to the network yet.
 * @throws CliError `profile-locked` for settings that the daemon has its own of
 */
export async function openChat(options: ChatOptions, globals: Globals, output: Output): Promise<Opening> {
  const { to } = options
  if (to !== undefined) assertTarget(to)
  const target = to === undefined ? undefined : (account: Account) => findChat(account, to)
  const settings = to === undefined ? globals : withLink(to, globals)
  const profile = profileOf(globals)
  const words = await readAliasWords(globals.aliasWords, output)
  // Without their passwords: the recipient of a link must get those in another way.
  const mailservers = parseMailservers(settings.mailservers).map(({ enode }) => enode)
  const shared = { target, words, peers: settings.peers, mailservers }
  const daemon = await daemonOf(profile)
  if (daemon !== undefined) return { ...shared, ...(await attach(options, globals, profile, daemon)) }
  return { ...shared, ...(await openOwn(options, settings, profile)) }
}

type How = Pick<Opening, 'self' | 'network' | 'daemon' | 'open'>

async function attach(
  options: ChatOptions,
  globals: Globals,
  profile: Profile,
  { account, publicKey }: { readonly account: RemoteAccount; readonly publicKey: KeyHex }
): Promise<How> {
  try {
    assertThroughDaemon(globals, options.simulateNetwork)
    const { mailservers } = await account.identity()
    return {
      self: publicKey,
      // Its own business, and said by nothing: what is advised without a peer does not hold.
      network: { peers: 1, listens: false, mailservers },
      daemon: 'attached',
      open: async (output, onDaemon) => {
        if (globals.resolved.origins.peers === 'flag')
          output.note(
            { event: 'through-daemon' },
            '· through the daemon of this profile: its peers are used, not --peer'
          )
        const attached = attachedAccount(account, async () => (await daemonOf(profile))?.account, {
          lost: () => onDaemon('gone'),
          back: () => onDaemon('attached')
        })
        return {
          account: attached,
          start: async () => undefined,
          stop: async () => attached.close(),
          untilPosted: (ids, signal) => untilPosted(attached, publicKey, ids, globals.timeout, signal)
        }
      }
    }
  } catch (error) {
    account.close()
    throw error
  }
}

async function openOwn(options: ChatOptions, settings: Globals, profile: Profile): Promise<How> {
  const opened = await openWithSettings(profile, settings)
  const { peers, mailservers, pfs, privacy, listen, netRestrict, bootnodes, discoveryPort: port } = settings
  const discovers = clientDiscovers(settings)
  const discovery = discovers ? { bootnodes, port, store: peerFile(profile) } : undefined
  const { simulateNetwork } = options
  const self = keyHex(opened.identity.publicKey)
  return {
    self,
    network: {
      peers: peers.length + mailservers.length + (discovers ? 1 : 0),
      listens: listen !== undefined,
      mailservers: mailservers.length
    },
    daemon: undefined,
    open: async output => {
      const stackOptions = { privacy, peers, mailservers, pfs, listen, netRestrict, discovery, simulateNetwork }
      const stack = await openStack(profile, opened, { ...stackOptions, command: 'chat' }, output)
      const account = createAccount(stack.client, { version: version(), mailservers: mailservers.length })
      return {
        account,
        start: async () => {
          await stack.start()
          return listen === undefined ? undefined : stack.host.enode()
        },
        stop: async () => {
          await stack.stop()
          account.stop()
        },
        untilPosted: async (ids, signal) => {
          assertPeersPossible(settings, 'kept')
          await untilPosted(account, self, ids, settings.timeout, signal)
        }
      }
    }
  }
}

/** What a pipe has written is waited for as `send` does it. @throws CliError `no-peer`, `not-posted`, `interrupted` */
async function untilPosted(
  account: Account,
  self: KeyHex,
  ids: readonly string[],
  timeoutSeconds: number,
  signal: AbortSignal
): Promise<void> {
  await whenConnected(account, timeoutSeconds * 1000, signal, 'kept')
  const delivery = watchDelivery(account, self)
  for (const messageId of ids) await delivery.wait(messageId, 'posted', timeoutSeconds, signal)
}

/** What the messenger needs of this program: its output, its files, its words for errors. */
export function chatSurroundings(globals: Globals, output: Output): Surroundings {
  const { json, verbose, quiet } = globals
  const { stdout, stderr } = process
  return {
    output,
    outputAround: ({ before, after }) =>
      createOutput({ json, verbose, quiet, stdout, stderr, beforePrint: before, afterPrint: after }),
    settings: globals,
    environment: childEnvironment(process.env),
    folder: profileOf(globals).folder,
    signal: interruption(),
    outputEnded,
    describe: describeError,
    onFatalError,
    files: { read: readBytes, save: saveAttachment },
    noMailserver
  }
}
