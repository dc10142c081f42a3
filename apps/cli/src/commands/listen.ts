import { openAccount } from '../account.ts'
import { CliError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import type { Output } from '../output.ts'
import { readPassword } from '../password.ts'
import { profileOf } from '../profile.ts'
import { interruption, waitFor } from '../signals.ts'
import { startStack } from '../stack.ts'
import { parseTarget } from '../target.ts'
import { messageView, refusedView } from '../view.ts'

export interface ListenOptions {
  readonly chaos?: string
  readonly join?: readonly string[]
  /** Ends after this many messages. */
  readonly count?: number
  /** Ends after this many seconds. */
  readonly for?: number
}

/** Prints what arrives until it is told to end. */
export async function listen(options: ListenOptions, globals: Globals, output: Output): Promise<void> {
  const names = (options.join ?? []).map(text => {
    const chat = parseTarget(text.startsWith('#') ? text : `#${text}`)
    return chat.kind === 'public' ? chat.name : ''
  })
  const profile = profileOf(globals)
  const account = await openAccount(profile, await readPassword(globals, 'open'))
  const interrupted = interruption()
  const enough = new AbortController()
  const stack = await startStack(
    profile,
    account,
    { peers: globals.peers, pfs: globals.pfs, chaos: options.chaos, listen: globals.listen },
    output
  )
  try {
    let count = 0
    stack.client.on('message', message => {
      if (message.outgoing || (options.count !== undefined && count >= options.count)) return
      const view = messageView(message)
      output.data(view.event, view.text)
      count++
      if (count === options.count) enough.abort()
    })
    stack.client.on('refused', fact => {
      const view = refusedView(fact)
      output.note(view.event, view.text)
    })
    for (const name of names) await stack.client.joinPublic(name)
    if (globals.listen !== undefined)
      output.note({ event: 'listening', enode: stack.host.enode() }, `· ${stack.host.enode()}`)
    output.note({ event: 'ready' }, '· listening; Ctrl-C ends it')
    const why = await waitFor(
      AbortSignal.any([interrupted, enough.signal]),
      options.for === undefined ? undefined : options.for * 1000
    )
    if (why === 'timeout' && options.count !== undefined) {
      throw new CliError('failed', 'timeout', `${count} of ${options.count} messages came within ${options.for} s`)
    }
  } finally {
    await stack.stop()
  }
}
