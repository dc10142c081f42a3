import { collect, count, positive } from '@status-stack/command-line'
import { outputEnded, waitFor } from '@status-stack/command-line/process'
import { type Context, defineCommand } from '../command.ts'
import { CliError } from '../errors.ts'
import { connectionFlags, flag, settingFlag, simulateNetworkOption } from '../flags.ts'

interface ListenOptions {
  readonly simulateNetwork?: string
  readonly join?: readonly string[]
  /** Ends after this many messages. */
  readonly count?: number
  /** Ends after this many seconds. */
  readonly for?: number
}

/** Prints what arrives until it is told to end. */
export const listen = defineCommand({
  name: 'listen',
  summary: 'print what arrives',
  flags: [
    ...connectionFlags(),
    flag('--join <name>', 'public chat to read; may be repeated', { parse: collect }),
    settingFlag('onMessage'),
    flag('--count <number>', 'end after this many messages', { parse: count }),
    flag('--for <seconds>', 'end after this many seconds', { parse: positive }),
    simulateNetworkOption()
  ],
  examples: [
    ['messages to you', 'listen --peer enode://…@host:30303'],
    ['a public chat as JSON', 'listen --json --join "#status" --peer enode://…@host:30303'],
    ['its next message, within a minute', 'listen --count 1 --for 60 --join "#status" --peer enode://…@host:30303']
  ],
  load: () => import('../messenger.ts'),
  run: async (
    { options, globals, output }: Context<ListenOptions>,
    { assertTarget, startHook, withAccount, messageView }
  ) => {
    const names = (options.join ?? []).map(text => (text.startsWith('#') ? text : `#${text}`))
    for (const name of names) assertTarget(name)
    const { simulateNetwork } = options
    await withAccount({ network: 'background', simulateNetwork }, globals, output, async session => {
      const { account, stack, signal, show } = session
      const enough = new AbortController()
      const endHook = await startHook(globals, account, output)
      let count = 0
      account.on('message', message => {
        if (message.outgoing || (options.count !== undefined && count >= options.count)) return
        show(messageView(message, session.names))
        count++
        if (count === options.count) enough.abort()
      })
      for (const chat of names) await account.joinChat({ chat })
      if (globals.listen !== undefined && stack !== undefined)
        output.note({ event: 'listening', enode: stack.host.enode() }, `· ${stack.host.enode()}`)
      output.note({ event: 'ready' }, '· listening; Ctrl-C ends it')
      const why = await waitFor(
        AbortSignal.any([signal, enough.signal, outputEnded]),
        options.for === undefined ? undefined : options.for * 1000
      ).finally(endHook)
      if (options.count === undefined || count >= options.count || outputEnded.aborted) return
      throw why === 'timeout'
        ? new CliError('failed', 'timeout', `${count} of ${options.count} messages came within ${options.for} s`)
        : new CliError('interrupted', 'interrupted', `interrupted after ${count} of ${options.count} messages`)
    })
  }
})
