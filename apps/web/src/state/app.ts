import { type ReadonlySignal, signal } from '@preact/signals'
import { hexToBytes } from '@status-stack/crypto'
import { type AccountRecord, encodeKeyText } from '@status-stack/status-accounts'
import { PageError } from '../errors.ts'
import type { AccountStore } from '../platform/account-store.ts'
import type { OwnNode } from '../platform/node-file.ts'
import type { Tabs } from '../platform/tabs.ts'
import { type AccountKeys, recordOfPhrase, unlockKeys } from '../session/account-keys.ts'
import type { Addresses, Session } from '../session/open-session.ts'
import { firstSettings, openSettings, type Settings, sealSettings } from '../session/settings.ts'
import { createAccountHold } from './account-hold.ts'
import type { ConversationDeps } from './conversation.ts'
import { createInspection, type Inspection } from './inspection.ts'
import { createMessenger, type Messenger } from './messenger.ts'
import { createTask, type Task } from './problem.ts'
import { assertPasswords, assertWords, beginSignup, type Signup } from './signup.ts'

/** What the page shows. */
export type Screen =
  | { readonly kind: 'loading' }
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
export interface AppDeps {
  readonly accounts: AccountStore
  readonly tabs: Tabs
  readonly ownNode: () => Promise<OwnNode | undefined>
  readonly openSession: (account: string, keys: AccountKeys, addresses: Addresses) => Promise<Session>
  readonly surroundings: Omit<ConversationDeps, 'client'>
  /** Deletes the database of an account. */
  readonly deleteDatabase: (account: string) => Promise<void>
}

export interface App {
  readonly screen: ReadonlySignal<Screen>
  /** Accounts of this browser: their public keys as `0x04…`. */
  readonly accounts: ReadonlySignal<readonly string[]>
  readonly damaged: ReadonlySignal<number>
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

/** What an account connects to: its settings, and the node of the page's own server where it is joined. */
function addressesOf(settings: Settings, node: OwnNode | undefined): Addresses {
  const joined = settings.own && node !== undefined ? [node.url] : []
  return {
    nodes: [...joined, ...settings.nodes],
    mailservers: [...(node?.mailserver === true ? joined : []), ...settings.mailservers]
  }
}

/** The page without its views: which screen there is, and what leads from one to the next. */
export function createApp(deps: AppDeps): App {
  const screen = signal<Screen>({ kind: 'loading' })
  const accounts = signal<readonly string[]>([])
  const damaged = signal(0)
  const task = createTask()
  const records = new Map<string, AccountRecord>()
  let open: { readonly account: string; readonly keys: AccountKeys; readonly messenger: Messenger } | undefined
  let connecting: Promise<void> = Promise.resolve()

  const load = async (): Promise<void> => {
    const found = await deps.accounts.list()
    records.clear()
    for (const record of found.records) records.set(record.publicKey, record)
    accounts.value = [...records.keys()]
    damaged.value = found.damaged
  }

  const close = async (): Promise<void> => {
    const closing = open
    open = undefined
    await closing?.messenger.stop()
    closing?.keys.storageKey.fill(0)
    closing?.keys.nodeKey.fill(0)
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
    await connecting.catch(() => undefined)
    screen.value = { kind: 'given-up', account }
    await close()
    await hold.release()
  }

  const connectNow = async (account: string, keys: AccountKeys): Promise<void> => {
    const sealed = await deps.accounts.settings(account)
    const settings = sealed === undefined ? firstSettings : openSettings(sealed, keys.storageKey)
    const node = await deps.ownNode()
    const addresses = addressesOf(settings, node)
    const session = await deps.openSession(account, keys, addresses)
    const facts = { settings, ownNode: node, addresses }
    const messenger = await createMessenger(session, facts, deps.surroundings).catch(async (error: unknown) => {
      await session.stop()
      throw error
    })
    open = { account, keys, messenger }
    screen.value = { kind: 'open', messenger }
  }

  const connect = (account: string, keys: AccountKeys): Promise<void> => {
    connecting = connectNow(account, keys)
    return connecting
  }

  const add = async (record: AccountRecord, password: string): Promise<void> => {
    if (records.has(record.publicKey)) {
      throw new PageError('account-exists', 'this identity is in this browser already: go back and unlock it')
    }
    await deps.accounts.save(record)
    await load()
    await hold.choose(record.publicKey)
    if (screen.value.kind === 'locked') await connect(record.publicKey, await unlockKeys(record, password))
  }

  const run = async (work: () => Promise<void>): Promise<void> => void (await task.run(work))

  return {
    screen,
    accounts,
    damaged,
    task,
    inspection: createInspection({ identities: [], chats: () => [] }),
    textOf: account => encodeKeyText(hexToBytes(account.slice(2))),
    start: async () => {
      await load()
      const [first] = accounts.value
      if (first === undefined) screen.value = { kind: 'welcome' }
      else await hold.choose(first)
    },
    goTo: kind => {
      task.problem.value = undefined
      const now = screen.value
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
        if (record !== undefined) await connect(record.publicKey, await unlockKeys(record, password))
      }),
    takeOver: () => {
      const now = screen.value
      if (now.kind === 'given-up') hold.waitFor(now.account)
      if (now.kind === 'given-up' || now.kind === 'elsewhere') deps.tabs.ask(now.account)
    },
    lock: () =>
      run(async () => {
        const account = open?.account
        await close()
        if (account !== undefined) screen.value = { kind: 'locked', account }
      }),
    saveSettings: settings =>
      run(async () => {
        if (open === undefined) return
        const { account, keys, messenger } = open
        await deps.accounts.saveSettings(account, sealSettings(settings, keys.storageKey))
        await messenger.stop()
        await connect(account, keys)
      }),
    remove: () =>
      run(async () => {
        if (open === undefined) return
        const { account, messenger } = open
        await messenger.wipe()
        await close()
        await deps.deleteDatabase(account)
        await deps.accounts.remove(account)
        await hold.release()
        await load()
        screen.value = { kind: 'welcome' }
      })
  }
}
