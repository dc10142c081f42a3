import { CliError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import type { Output } from '../output.ts'
import { withClient } from '../session.ts'
import { outputEnded, waitFor } from '../signals.ts'
import { parseTarget } from '../target.ts'
import { messageView } from '../view.ts'

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
  await withClient(
    { network: 'anyway', chaos: options.chaos },
    globals,
    output,
    async ({ client, stack, signal, show }) => {
      const enough = new AbortController()
      let count = 0
      client.on('message', message => {
        if (message.outgoing || (options.count !== undefined && count >= options.count)) return
        show(messageView(message))
        count++
        if (count === options.count) enough.abort()
      })
      for (const name of names) await client.joinPublic(name)
      if (globals.listen !== undefined && stack !== undefined)
        output.note({ event: 'listening', enode: stack.host.enode() }, `· ${stack.host.enode()}`)
      output.note({ event: 'ready' }, '· listening; Ctrl-C ends it')
      const why = await waitFor(
        AbortSignal.any([signal, enough.signal, outputEnded]),
        options.for === undefined ? undefined : options.for * 1000
      )
      if (options.count === undefined || count >= options.count || outputEnded.aborted) return
      throw why === 'timeout'
        ? new CliError('failed', 'timeout', `${count} of ${options.count} messages came within ${options.for} s`)
        : new CliError('interrupted', 'interrupted', `interrupted after ${count} of ${options.count} messages`)
    }
  )
}
