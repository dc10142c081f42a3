import { equalBytes } from '@status-stack/crypto'
import { openAccount } from './account.ts'
import type { Globals } from './globals.ts'
import { reportHistory } from './mail/report.ts'
import { peerFile } from './network/peer-file.ts'
import type { Output } from './output.ts'
import { readPassword } from './password.ts'
import { profileOf } from './profile.ts'
import { interruption } from './signals.ts'
import { openStack, type Stack, whenConnected } from './stack.ts'
import { deliveryView, refusedView, type View } from './view.ts'

export interface Session extends Stack {
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal
  /** Prints one fact that was asked for. */
  readonly show: (view: View) => void
}

export interface SessionOptions {
  /** `offline` reads the store and connects to nobody; `online` waits for a peer; `anyway` starts without waiting. */
  readonly network: 'offline' | 'online' | 'anyway'
  readonly chaos?: string | undefined
  /** Asks the mailservers by itself for what was missed. @default true */
  readonly autoHistory?: boolean
  /** Print what happens to what is sent, and what is refused. @default true */
  readonly notes?: boolean
}

const expected: ReadonlySet<string> = new Set(['replayed', 'own-echo', 'duplicate'])

/** A client looks for peers by itself when it is told to, be it only by naming a bootnode. */
function clientDiscovers({ discovery, resolved }: Globals): boolean {
  return discovery === 'on' || (discovery === 'auto' && resolved.origins.bootnodes === 'flag')
}

/** Opens the profile, runs the client around `work`, and ends with everything sent that can be sent. */
export async function withClient<T>(
  options: SessionOptions,
  globals: Globals,
  output: Output,
  work: (session: Session) => Promise<T>
): Promise<T> {
  const profile = profileOf(globals)
  const account = await openAccount(profile, await readPassword(globals, 'open'))
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
      let last = ''
      stack.client.on('delivery', fact => {
        const view = deliveryView(fact)
        if (output.json) return note(view)
        // People are told of others, and once: copies to own devices and a second attempt that changed nothing are noise.
        const own = fact.recipient !== undefined && equalBytes(fact.recipient, stack.client.publicKey)
        if (own || view.text === last) return output.verbose(view.text)
        last = view.text
        note(view)
      })
      if (options.autoHistory !== false) reportHistory(stack.client, output)
      stack.client.on('refused', fact => {
        const view = refusedView(fact)
        // A relay repeats what it still holds after every reconnection: nothing a person should be told.
        if (expected.has(fact.reason) && !output.json) output.verbose(view.text)
        else note(view)
      })
    }
    if (!offline) await stack.start()
    if (options.network === 'online') await whenConnected(stack.client, globals.timeout * 1000, signal)
    return await work({ ...stack, signal, show: view => output.data(view.event, view.text) })
  } finally {
    await stack.stop()
  }

  function note(view: View): void {
    output.note(view.event, view.text)
  }
}
