import { isDiskFull } from '@status-stack/utils'
import { PageError } from '../errors.ts'
import type { AccountStore } from '../platform/account-store.ts'
import type { OwnNode } from '../platform/node-file.ts'
import type { AccountKeys } from '../session/account-keys.ts'
import type { Addresses, Session } from '../session/open-session.ts'
import { firstSettings, openSettings, type Settings, sealSettings } from '../session/settings.ts'
import type { ConversationDeps } from './conversation.ts'
import { createMessenger, type Messenger } from './messenger.ts'

/** What an account is opened with. */
export interface OpeningDeps {
  readonly accounts: AccountStore
  readonly ownNode: () => Promise<OwnNode | undefined>
  readonly openSession: (account: string, keys: AccountKeys, addresses: Addresses) => Promise<Session>
  readonly surroundings: Omit<ConversationDeps, 'client'>
  /** Deletes the database of an account. */
  readonly deleteDatabase: (account: string) => Promise<void>
}

/** The one account that is open in this tab, or none. */
export interface OpenAccount {
  /** `0x04…` of the one that is open. */
  readonly account: () => string | undefined
  readonly connect: (account: string, keys: AccountKeys) => Promise<void>
  /** Once a connection that is being made has been made, or has failed. */
  readonly settled: () => Promise<void>
  /** Stops the messenger and clears the keys. */
  readonly close: () => Promise<void>
  /** Stores the settings and connects anew with them. */
  readonly saveSettings: (settings: Settings) => Promise<void>
  /** Closes it, and deletes it and all of its messages. */
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

/** Undefined for settings that cannot be read: no reason to keep a person from their messages. */
function settingsIn(sealed: string | undefined, storageKey: Uint8Array): Settings | undefined {
  try {
    return sealed === undefined ? firstSettings : openSettings(sealed, storageKey)
  } catch (error) {
    if (PageError.is(error)) return undefined
    throw error
  }
}

function clear({ storageKey, nodeKey }: AccountKeys): void {
  for (const key of [storageKey, nodeKey]) key.fill(0)
}

export function createOpenAccount(deps: OpeningDeps, opened: (messenger: Messenger) => void): OpenAccount {
  let open: { readonly account: string; readonly keys: AccountKeys; readonly messenger: Messenger } | undefined
  let connecting: Promise<void> = Promise.resolve()

  const connectNow = async (account: string, keys: AccountKeys): Promise<void> => {
    const stored = settingsIn(await deps.accounts.settings(account), keys.storageKey)
    const settings = stored ?? firstSettings
    const node = await deps.ownNode()
    const addresses = addressesOf(settings, node)
    const session = await deps.openSession(account, keys, addresses)
    const facts = { settings, settingsDamaged: stored === undefined, ownNode: node, addresses }
    const messenger = await createMessenger(session, facts, deps.surroundings).catch(async (error: unknown) => {
      await session.stop()
      throw error
    })
    open = { account, keys, messenger }
    opened(messenger)
  }

  const connect = (account: string, keys: AccountKeys): Promise<void> => {
    connecting = connectNow(account, keys)
    return connecting
  }

  const reconnect = async (messenger: Messenger, account: string, keys: AccountKeys): Promise<void> => {
    try {
      await messenger.stop()
      await connectNow(account, keys)
    } catch (error) {
      clear(keys)
      throw error
    }
  }

  const close = async (): Promise<void> => {
    const closing = open
    open = undefined
    try {
      await closing?.messenger.stop()
    } finally {
      if (closing !== undefined) clear(closing.keys)
    }
  }

  return {
    account: () => open?.account,
    connect,
    settled: () => connecting.catch(() => undefined),
    close,
    saveSettings: async settings => {
      if (open === undefined) return
      const { account, keys, messenger } = open
      await deps.accounts.saveSettings(account, sealSettings(settings, keys.storageKey))
      open = undefined
      connecting = reconnect(messenger, account, keys)
      await connecting
    },
    remove: async () => {
      if (open === undefined) return
      const { account, messenger } = open
      // Emptying a database takes room; deleting it takes none, and without its account nothing opens it.
      await messenger.wipe().catch((error: unknown) => {
        if (!isDiskFull(error)) throw error
      })
      await close().catch(() => undefined)
      await deps.accounts.remove(account)
      await deps.deleteDatabase(account)
    }
  }
}
