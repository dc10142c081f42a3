import { type Account, followDelivery, type WaitState } from '@status-stack/account-rpc'
import type { Reached, View } from '@status-stack/account-rpc/words'
import { CliError } from '../errors.ts'
import type { Output } from '../output.ts'
import type { Session } from '../session.ts'

const waitWords: Readonly<Record<WaitState, string>> = {
  posted: 'sent',
  confirmed: 'taken by the network',
  acknowledged: 'received'
}

/** What the waiting commands have in common. */
export interface WaitOptions {
  readonly wait: WaitState
  readonly simulateNetwork?: string
}

/**
 * Waits, and shows what was sent: a program at once, people in one line when it is known how far it came. What was not seen to come
 * so far is queued, and shown before the error.
 */
export async function showReached(
  { show }: Pick<Session, 'show'>,
  output: Pick<Output, 'json'>,
  view: (reached: Reached) => View,
  wanted: WaitState,
  wait: () => Promise<void>
): Promise<void> {
  if (output.json) show(view('queued'))
  let reached: Reached = 'queued'
  try {
    await wait()
    reached = wanted
  } finally {
    if (!output.json) show(view(reached))
  }
}

/** Follows deliveries from now on: make it before sending. */
export function watchDelivery(account: Pick<Account, 'on' | 'ledger'>, self: string) {
  const delivery = followDelivery(account, self)
  return {
    /**
     * Resolves once everybody's copy came so far.
     * @throws CliError `not-posted`, `not-confirmed`, `not-acknowledged` after the time, or as soon as all that is left is given up;
     * with the exit code of an interruption when that came first
     */
    wait: async (messageId: string, wanted: WaitState, timeoutSeconds: number, signal: AbortSignal): Promise<void> => {
      const outcome = await delivery.until(messageId, wanted, { timeoutMs: timeoutSeconds * 1000, signal })
      if (outcome.kind === 'reached') return
      const why =
        outcome.kind === 'given-up'
          ? `it was not ${waitWords[wanted]}: ${outcome.why}`
          : `not ${waitWords[wanted]} within ${timeoutSeconds} s; the message is kept and retried whenever this profile runs`
      throw new CliError(signal.aborted ? 'interrupted' : 'unacknowledged', `not-${wanted}`, why)
    }
  }
}
