/** What a tab has while it holds an account. */
export interface HeldAccount {
  /** Called when another tab asks for the account. One at a time; without one, the question is ignored. */
  onAsked: () => void
  /** Gives the account up; settles once others can have it. */
  readonly release: () => Promise<void>
}

/** Keeps the tabs of one browser apart: an account is open in one of them. */
export interface Tabs {
  /** Rejects where the browser does not let the tabs of this page know of each other. */
  readonly check: () => Promise<void>
  /** Takes an account for this tab; undefined when another one has it. */
  readonly take: (account: string) => Promise<HeldAccount | undefined>
  /** Takes it as soon as no other tab has it. Rejects when the signal aborts. */
  readonly wait: (account: string, signal: AbortSignal) => Promise<HeldAccount>
  /** Asks the tab that has it to give it up. */
  readonly ask: (account: string) => void
}

/** The part of `navigator.locks` that is needed. */
export interface LockManagerLike {
  readonly request: (
    name: string,
    options: { readonly ifAvailable?: true; readonly signal?: AbortSignal },
    callback: (lock: unknown) => Promise<void> | undefined
  ) => Promise<unknown>
}

/** The part of a `BroadcastChannel` that is needed. */
export interface ChannelLike {
  readonly postMessage: (message: unknown) => void
  readonly addEventListener: (type: 'message', handler: (event: { readonly data: unknown }) => void) => void
}

const lockName = (account: string): string => `status-stack web ${account}`

const noTabs = (): Error => new Error('this browser keeps tabs from each other')

/** Tabs that share locks and a channel: both are missing where a browser refuses them. */
export function createTabs(locks: LockManagerLike | undefined, channel: ChannelLike | undefined): Tabs {
  const held = new Map<string, HeldAccount>()
  // Any page of this origin could send anything.
  channel?.addEventListener('message', ({ data }) => {
    if (typeof data === 'string') held.get(data)?.onAsked()
  })

  const request = (
    account: string,
    options: { readonly ifAvailable?: true; readonly signal?: AbortSignal }
  ): Promise<HeldAccount | undefined> =>
    new Promise((resolve, reject) => {
      if (locks === undefined) throw noTabs()
      const over = locks.request(lockName(account), options, lock => {
        if (lock === null || lock === undefined) {
          resolve(undefined)
          return undefined
        }
        return new Promise<void>(free => {
          const own: HeldAccount = {
            onAsked: () => undefined,
            release: async () => {
              if (held.get(account) === own) held.delete(account)
              free()
              await over.catch(() => undefined)
            }
          }
          held.set(account, own)
          resolve(own)
        })
      })
      over.catch(reject)
    })

  return {
    check: async () => {
      if (channel === undefined) throw noTabs()
      await request('', { ifAvailable: true }).then(own => own?.release())
    },
    take: account => request(account, { ifAvailable: true }),
    wait: async (account, signal) => {
      const own = await request(account, { signal })
      if (own === undefined) throw new Error('a lock that was waited for was not given')
      return own
    },
    ask: account => channel?.postMessage(account)
  }
}
