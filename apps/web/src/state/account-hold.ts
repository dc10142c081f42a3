import type { HeldAccount, Tabs } from '../platform/tabs.ts'

/** What a tab is told about the account that it wants. */
export interface HoldEvents {
  /** The account is this tab's. */
  readonly taken: (account: string) => void
  /** Another tab has it; it is taken as soon as that one gives it up. */
  readonly elsewhere: (account: string) => void
  /** Another tab asks for it. */
  readonly asked: (account: string) => void
}

/** The one account that this tab holds, or waits for. */
export interface AccountHold {
  /** Gives up the one it has and takes another, or waits for it. */
  readonly choose: (account: string) => Promise<void>
  readonly waitFor: (account: string) => void
  readonly release: () => Promise<void>
}

export function createAccountHold(tabs: Tabs, events: HoldEvents): AccountHold {
  let held: HeldAccount | undefined
  let waiting: AbortController | undefined

  const own = (account: string, taken: HeldAccount): void => {
    held = taken
    taken.onAsked = () => events.asked(account)
    events.taken(account)
  }
  const waitFor = (account: string): void => {
    const stop = new AbortController()
    waiting = stop
    events.elsewhere(account)
    tabs.wait(account, stop.signal).then(
      taken => (stop.signal.aborted ? void taken.release() : own(account, taken)),
      () => undefined
    )
  }
  const release = async (): Promise<void> => {
    waiting?.abort()
    const taken = held
    held = undefined
    await taken?.release()
  }
  return {
    choose: async account => {
      await release()
      const taken = await tabs.take(account)
      if (taken === undefined) waitFor(account)
      else own(account, taken)
    },
    waitFor,
    release
  }
}
