import type { Account } from '@status-stack/account-rpc'
import { versioned } from '@status-stack/account-rpc/methods'
import { secretVariables } from './child-environment.ts'
import type { Globals } from './globals.ts'
import { type Output, safeJson } from './output.ts'

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
  const { createHook } = await import('@status-stack/command-line/hook')
  const hook = createHook({
    command: onMessage,
    environment: process.env,
    secrets: secretVariables,
    told: (trouble, detail) =>
      output.note({ event: 'warning', code: `hook-${trouble}`, detail }, `! ${hookWords[trouble]} (${detail})`)
  })
  const off = account.on('message', message => {
    if (!message.outgoing && message.kind !== 'system') hook.run(safeJson(versioned(message)))
  })
  return async () => {
    off()
    await hook.stop(hookGraceMs)
  }
}

/** How long commands that run may go on when the program ends. */
const hookGraceMs = 1000
