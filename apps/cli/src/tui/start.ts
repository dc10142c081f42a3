import { openAccount } from '../account.ts'
import type { Globals } from '../globals.ts'
import { peerFile } from '../network/peer-file.ts'
import type { Output } from '../output.ts'
import { withPassword } from '../password.ts'
import { type Profile, profileOf } from '../profile.ts'
import { clientDiscovers } from '../session.ts'
import { openStack, type Stack } from '../stack.ts'
import { parseTarget, withLink } from '../target.ts'
import type { ChatOptions } from './options.ts'
import type { Network } from './state.ts'

/** What both faces of `chat` begin with. */
export interface Opening {
  readonly profile: Profile
  readonly account: Awaited<ReturnType<typeof openAccount>>
  readonly target: ReturnType<typeof parseTarget> | undefined
  /** With the peers and the mailserver that a contact link brought. */
  readonly settings: Globals
  readonly network: Network
  /** The client over its store; `start` of what is answered goes online. */
  readonly open: (output: Output) => Promise<Stack>
}

/** Opens the profile; nothing is connected yet. */
export async function openChat(options: ChatOptions, globals: Globals): Promise<Opening> {
  const target = options.to === undefined ? undefined : parseTarget(options.to)
  const settings = options.to === undefined ? globals : withLink(options.to, globals)
  const profile = profileOf(globals)
  const account = await withPassword(globals, password => openAccount(profile, password))
  const { peers, mailservers, pfs, listen, netRestrict, bootnodes, discoveryPort: port } = settings
  const discovers = clientDiscovers(settings)
  const discovery = discovers ? { bootnodes, port, store: peerFile(profile) } : undefined
  return {
    profile,
    account,
    target,
    settings,
    network: {
      peers: peers.length + mailservers.length + (discovers ? 1 : 0),
      listens: listen !== undefined,
      mailservers: mailservers.length
    },
    open: output =>
      openStack(
        profile,
        account,
        { command: 'chat', peers, mailservers, pfs, listen, netRestrict, discovery, chaos: options.chaos },
        output
      )
  }
}
