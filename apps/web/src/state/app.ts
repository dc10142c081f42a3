import { type ReadonlySignal, signal } from '@preact/signals'
import { hexToBytes } from '@status-stack/crypto'
import { type AccountRecord, encodeKeyText } from '@status-stack/status-accounts'
import { PageError } from '../errors.ts'
import type { Tabs } from '../platform/tabs.ts'
import { recordOfPhrase, unlockKeys } from '../session/account-keys.ts'
import type { Settings } from '../session/settings.ts'
import { createAccountHold } from './account-hold.ts'
import { createInspection, type Inspection } from './inspection.ts'
import type { Messenger } from './messenger.ts'
import { createOpenAccount, type OpeningDeps } from './open-account.ts'
import { createTask, type Task } from './problem.ts'
import { assertPasswords, assertWords, beginSignup, type Signup } from './signup.ts'

/** What the page shows. */
export type Screen =
  | { readonly kind: 'loading' }
  /** The browser lets this page keep nothing. */
  | { readonly kind: 'no-storage' }
  | { readonly kind: 'welcome' }
  | { readonly kind: 'make'; readonly signup: Signup; readonly step: 'words' | 'confirm' }
  | { readonly kind: 'recover' }
  | { readonly kind: 'locked'; readonly account: string }
  /** Another tab has the account; it is taken as soon as that one gives it up. */
  | { readonly kind: 'elsewhere'; readonly account: string }
  /** Another tab asked for the account. */
  | { readonly kind: 'given-up'; readonly account: string }
  | { readonly kind: 'open'; readonly messenger: Messenger }

/** What the app needs of its surroundings. */
export interface AppDeps extends OpeningDeps {
  readonly tabs: Tabs
  /** Asks the browser to keep what is stored; answers whether it promises to. */
  readonly lastingStorage: () => Promise<boolean>
}

export interface App {
  readonly screen: ReadonlySignal<Screen>
  /** Accounts of this browser: their public keys as `0x04…`. */
  readonly accounts: ReadonlySignal<readonly string[]>
  readonly damaged: ReadonlySignal<number>
  /** Whether the browser keeps what is stored; undefined before it has said so. */
  readonly lasting: ReadonlySignal<boolean | undefined>
  readonly task: Task
  /** An inspector without any keys, for who has no account. */
  readonly inspection: Inspection
  /** An account as people compare it: `zQ3sh…`. */
  readonly textOf: (account: string) => string
  readonly start: () => Promise<void>
  readonly goTo: (kind: 'welcome' | 'make' | 'confirm' | 'recover') => void
  /** Makes the account of the words that were shown. */
  readonly make: (typed: readonly string[], password: string, repeated: string) => Promise<void>
  readonly recover: (phrase: string, password: string, repeated: string) => Promise<void>
  readonly choose: (account: string) => Promise<void>
  readonly unlock: (password: string) => Promise<void>
  readonly takeOver: () => void
  readonly lock: () => Promise<void>
  readonly saveSettings: (settings: Settings) => Promise<void>
  /** Deletes the account that is open, and all of its messages, from this browser. */
  readonly remove: () => Promise<void>
}

/** The page without its views: which screen there is, and what leads from one to the next. */
export function createApp(deps: AppDeps): App {
  const screen = signal<Screen>({ kind: 'loading' })
  const accounts = signal<readonly string[]>([])
  const damaged = signal(0)
  const lasting = signal<boolean | undefined>(undefined)
  const task = createTask()
  const records = new Map<string, AccountRecord>()
  const open = createOpenAccount(deps, messenger => {
    screen.value = { kind: 'open', messenger }
    // Not waited for: a browser may ask the person first.
    void deps.lastingStorage().then(promised => {
      lasting.value = promised
    })
  })

  const load = async (): Promise<void> => {
    const found = await deps.accounts.list()
    records.clear()
    for (const record of found.records) records.set(record.publicKey, record)
    accounts.value = [...records.keys()]
    damaged.value = found.damaged
  }

  const hold = createAccountHold(deps.tabs, {
    taken: account => {
      screen.value = { kind: 'locked', account }
    },
    elsewhere: account => {
      screen.value = { kind: 'elsewhere', account }
    },
    asked: account => void giveUp(account)
  })

  const giveUp = async (account: string): Promise<void> => {
    await open.settled()
    screen.value = { kind: 'given-up', account }
    await open.close()
    await hold.release()
  }

  const add = async (record: AccountRecord, password: string): Promise<void> => {
    if (records.has(record.publicKey)) {
      throw new PageError('account-exists', 'this identity is in this browser already: go back and unlock it')
    }
    await deps.accounts.save(record)
    await load()
    await hold.choose(record.publicKey)
    if (screen.value.kind === 'locked') await open.connect(record.publicKey, await unlockKeys(record, password))
  }

  const run = async (work: () => Promise<void>): Promise<void> => void (await task.run(work))

  return {
    screen,
    accounts,
    damaged,
    lasting,
    task,
    inspection: createInspection({ identities: [], chats: () => [] }),
    textOf: account => encodeKeyText(hexToBytes(account.slice(2))),
    start: async () => {
      try {
        await deps.tabs.check()
        await load()
      } catch {
        screen.value = { kind: 'no-storage' }
        return
      }
      const [first] = accounts.value
      if (first === undefined) screen.value = { kind: 'welcome' }
      else await hold.choose(first)
    },
    goTo: kind => {
      task.dismiss()
      const now = screen.value
      // Who goes on to another identity waits for none, and keeps none from other tabs: it would take the place of what is typed.
      if (now.kind === 'locked' || now.kind === 'elsewhere') void hold.release()
      if (kind === 'make')
        screen.value = { kind, signup: now.kind === 'make' ? now.signup : beginSignup(), step: 'words' }
      else if (kind === 'confirm') {
        if (now.kind === 'make') screen.value = { ...now, step: 'confirm' }
      } else screen.value = { kind }
    },
    make: (typed, password, repeated) =>
      run(async () => {
        const now = screen.value
        if (now.kind !== 'make') return
        assertWords(now.signup, typed)
        assertPasswords(password, repeated)
        await add(await recordOfPhrase(now.signup.words.join(' '), password), password)
      }),
    recover: (phrase, password, repeated) =>
      run(async () => {
        assertPasswords(password, repeated)
        await add(await recordOfPhrase(phrase, password), password)
      }),
    choose: account => run(() => hold.choose(account)),
    unlock: password =>
      run(async () => {
        const now = screen.value
        const record = now.kind === 'locked' ? records.get(now.account) : undefined
        if (record !== undefined) await open.connect(record.publicKey, await unlockKeys(record, password))
      }),
    takeOver: () => {
      const now = screen.value
      if (now.kind === 'given-up') hold.waitFor(now.account)
      if (now.kind === 'given-up' || now.kind === 'elsewhere') deps.tabs.ask(now.account)
    },
    lock: () =>
      run(async () => {
        const account = open.account()
        await open.close()
        if (account !== undefined) screen.value = { kind: 'locked', account }
      }),
    saveSettings: settings =>
      run(async () => {
        const account = open.account()
        await open.saveSettings(settings).catch((error: unknown) => {
          // What was stopped for it is not open any more.
          if (open.account() === undefined && account !== undefined && screen.value.kind === 'open')
            screen.value = { kind: 'locked', account }
          throw error
        })
      }),
    remove: () =>
      run(async () => {
        if (open.account() === undefined) return
        await open.remove()
        await hold.release()
        await load()
        screen.value = { kind: 'welcome' }
      })
  }
}
