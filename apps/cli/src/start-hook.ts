import type { Account } from '@status-stack/account-rpc'
import type { Globals } from './globals.ts'
import type { Output } from './output.ts'

const hookWords = {
  failed: 'the command of --on-message failed',
  timeout: 'the command of --on-message took too long and was ended',
  dropped: 'messages come faster than the command of --on-message ends: one was passed over'
} as const

/** Runs the command of `--on-message` for what arrives; answers what ends that. */
export async function startHook(
  { onMessage }: Pick<Globals, 'onMessage'>,
  account: Pick<Account, 'on'>,
  output: Output
): Promise<() => Promise<void>> {
  if (onMessage === undefined) return async () => {}
  const { createMessageHook } = await import('./message-hook.ts')
  const hook = createMessageHook({
    command: onMessage,
    told: (trouble, detail) =>
      output.note({ event: 'warning', code: `hook-${trouble}`, detail }, `! ${hookWords[trouble]} (${detail})`)
  })
  const off = account.on('message', message => {
    if (!message.outgoing && message.kind !== 'system') hook.run(message)
  })
  return async () => {
    off()
    await hook.stop(hookGraceMs)
  }
}

/** How long commands that run may go on when the program ends. */
const hookGraceMs = 1000
