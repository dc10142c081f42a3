import { MemoryLevel } from 'memory-level'
import { describe, expect, test } from 'vitest'
import { createAccountStore } from '../../src/platform/account-store.ts'
import { createTabs, type Tabs } from '../../src/platform/tabs.ts'
import { openSession } from '../../src/session/open-session.ts'
import { type App, createApp } from '../../src/state/app.ts'
import { memoryLocks, until } from './support.ts'

const password = 'a long password'

/** One browser: its stores and locks; each app of it is a tab. */
function createBrowser() {
  const accounts = createAccountStore(new MemoryLevel<string, string>())
  const locks = memoryLocks()
  const channels = new Set<(event: { readonly data: unknown }) => void>()
  const databases = new Map<string, MemoryLevel<string, Uint8Array>>()
  const deleted: string[] = []
  const faults: { opening?: Error; wiping?: Error } = {}
  const tab = (store = accounts, given: Tabs | undefined = undefined): App => {
    const own = new Set<(event: { readonly data: unknown }) => void>()
    const shared = createTabs(locks, {
      postMessage: data => {
        for (const handler of channels) if (!own.has(handler)) handler({ data })
      },
      addEventListener: (_, handler) => {
        own.add(handler)
        channels.add(handler)
      }
    })
    return createApp({
      accounts: store,
      tabs: given ?? shared,
      ownNode: async () => undefined,
      lastingStorage: async () => false,
      openSession: async (account, keys, addresses) => {
        if (faults.opening !== undefined) throw faults.opening
        const session = await openSession(account, keys, addresses, {
          openDatabase: name => {
            const database = databases.get(name) ?? new MemoryLevel<string, Uint8Array>()
            databases.set(name, database)
            return database
          }
        })
        const wipe = () => (faults.wiping === undefined ? session.client.wipe() : Promise.reject(faults.wiping))
        return { ...session, client: { ...session.client, wipe } }
      },
      surroundings: { preparePicture: async picture => picture, attentive: () => true },
      deleteDatabase: async account => void deleted.push(account)
    })
  }
  return { accounts, tab, deleted, faults }
}

const kindOf = (app: App): string => app.screen.value.kind

/** Goes through the screens of a new identity. */
async function makeIdentity(app: App): Promise<void> {
  await app.start()
  expect(kindOf(app)).toBe('welcome')
  app.goTo('make')
  app.goTo('confirm')
  const { value } = app.screen
  if (value.kind !== 'make') throw new Error(`at ${value.kind}`)
  await app.make(
    value.signup.asked.map(place => value.signup.words[place] ?? ''),
    password,
    password
  )
  expect(app.task.problem.value).toBeUndefined()
  expect(kindOf(app)).toBe('open')
}

describe('the app', () => {
  test('makes an identity only when its words were confirmed; locks, and opens with the password alone', async () => {
    const browser = createBrowser()
    const app = browser.tab()
    await app.start()
    app.goTo('make')
    app.goTo('confirm')
    await app.make(['zebra', 'zebra', 'zoo'], password, password)
    expect(app.task.problem.value).toMatch(/words are not those/)
    expect((await browser.accounts.list()).records).toEqual([])
    app.goTo('welcome')
    await makeIdentity(app)
    const [record] = (await browser.accounts.list()).records
    await app.lock()
    expect(kindOf(app)).toBe('locked')
    await app.unlock('not the password')
    expect(app.task.problem.value).toBe('The password does not open this account.')
    await app.unlock(password)
    const { value } = app.screen
    expect(value.kind === 'open' && value.messenger.keyText).toBe(record?.text)
    await app.lock()
  })

  test('a second tab waits, and can take the account over', async () => {
    const browser = createBrowser()
    const [first, second] = [browser.tab(), browser.tab()]
    await makeIdentity(first)
    await second.start()
    expect(kindOf(second)).toBe('elsewhere')
    second.takeOver()
    await until(() => kindOf(first) === 'given-up' && kindOf(second) === 'locked')
    await second.unlock(password)
    expect(kindOf(second)).toBe('open')
    first.takeOver()
    await until(() => kindOf(second) === 'given-up' && kindOf(first) === 'locked')
    await first.unlock(password)
    expect(kindOf(first)).toBe('open')
    await first.lock()
  })

  test('what was said is there after a lock, and the addresses of nodes too; a wrong one is refused', async () => {
    const app = createBrowser().tab()
    await makeIdentity(app)
    const messenger = () => {
      const { value } = app.screen
      if (value.kind !== 'open') throw new Error(`at ${value.kind}`)
      return value.messenger
    }
    expect(await messenger().openTarget('#status')).toBe(true)
    expect(await messenger().openTarget('nobody')).toBe(false)
    const conversation = messenger().conversation.value
    if (conversation === undefined) throw new Error('no conversation')
    conversation.draft.value = 'hello'
    expect(await conversation.send()).toBe(true)
    await app.saveSettings({ nodes: ['http://example.org'], mailservers: [], own: true })
    expect(app.task.problem.value).toMatch(/address of a node/)
    await app.saveSettings({ nodes: [], mailservers: [], own: false })
    expect(messenger().settings.own).toBe(false)
    await app.lock()
    await app.unlock(password)
    expect(messenger().settings.own).toBe(false)
    await messenger().openTarget('#status')
    expect(messenger().conversation.value?.lines.value.map(({ message }) => message.text)).toEqual(['hello'])
    await app.lock()
  })

  test('who goes on to another identity is not taken back by an account that becomes free, and keeps none from others', async () => {
    const browser = createBrowser()
    const [first, second, third] = [browser.tab(), browser.tab(), browser.tab()]
    await makeIdentity(first)
    await second.start()
    expect(kindOf(second)).toBe('elsewhere')
    second.goTo('welcome')
    second.goTo('make')
    const words = second.screen.value
    await first.lock()
    first.goTo('welcome')
    first.goTo('recover')
    await third.start()
    await until(() => kindOf(third) === 'locked')
    expect([second.screen.value, kindOf(first)]).toEqual([words, 'recover'])
  })

  test('addresses that cannot be connected to leave the account closed, and openable with the password', async () => {
    const browser = createBrowser()
    const app = browser.tab()
    await makeIdentity(app)
    browser.faults.opening = new Error('the database does not open')
    await app.saveSettings({ nodes: [], mailservers: [], own: false })
    expect([kindOf(app), app.task.problem.value]).toEqual(['locked', expect.stringContaining('went wrong')])
    delete browser.faults.opening
    await app.unlock(password)
    expect(kindOf(app)).toBe('open')
    await app.lock()
  })

  test('an account opens although its settings cannot be read, on the page where they are entered again', async () => {
    const browser = createBrowser()
    const app = browser.tab()
    await makeIdentity(app)
    await app.lock()
    await browser.accounts.saveSettings(app.accounts.value[0] ?? '', 'damaged')
    await app.unlock(password)
    const { value } = app.screen
    if (value.kind !== 'open') throw new Error(`at ${value.kind}: ${app.task.problem.value}`)
    expect([value.messenger.settingsDamaged, value.messenger.place.value]).toEqual([true, 'network'])
    await app.saveSettings({ nodes: [], mailservers: [], own: true })
    const now = app.screen.value
    expect(now.kind === 'open' && now.messenger.settingsDamaged).toBe(false)
    await app.lock()
  })

  test('an account is removed from a browser that is full', async () => {
    const browser = createBrowser()
    const app = browser.tab()
    await makeIdentity(app)
    const [account] = app.accounts.value
    browser.faults.wiping = new DOMException('no room', 'QuotaExceededError')
    await app.remove()
    expect([kindOf(app), app.task.problem.value]).toEqual(['welcome', undefined])
    expect([browser.deleted, (await browser.accounts.list()).records]).toEqual([[account], []])
  })

  test('a browser that promises nothing is said to; one that keeps nothing has no account', async () => {
    const app = createBrowser().tab()
    await makeIdentity(app)
    await until(() => app.lasting.value === false)
    await app.lock()
    const closed = createBrowser()
    const denied = { ...closed.accounts, list: () => Promise.reject(new DOMException('denied', 'SecurityError')) }
    const other = closed.tab(denied)
    await other.start()
    expect(kindOf(other)).toBe('no-storage')
  })

  test('a browser that keeps tabs from each other says so before anything is made in it', async () => {
    const channel = { postMessage: () => undefined, addEventListener: () => undefined }
    const refusing = { request: () => Promise.reject(new DOMException('denied', 'SecurityError')) }
    for (const tabs of [
      createTabs(undefined, channel),
      createTabs(refusing, channel),
      createTabs(memoryLocks(), undefined)
    ]) {
      const app = createBrowser().tab(undefined, tabs)
      await app.start()
      expect(kindOf(app)).toBe('no-storage')
    }
    const held = createTabs(memoryLocks(), channel)
    await expect(held.check()).resolves.toBeUndefined()
  })

  test('an identity is recovered by its words; twice in one browser is refused; removing leaves nothing', async () => {
    const browser = createBrowser()
    const app = browser.tab()
    await app.start()
    app.goTo('recover')
    const phrase = `${'abandon '.repeat(11)}about`
    await app.recover(`${'abandon '.repeat(11)}abandon`, password, password)
    expect(app.task.problem.value).toMatch(/recovery phrase/)
    await app.recover(phrase, password, password)
    expect(kindOf(app)).toBe('open')
    await app.lock()
    app.goTo('recover')
    await app.recover(phrase, password, password)
    expect(app.task.problem.value).toMatch(/in this browser already/)
    const [account] = app.accounts.value
    await app.choose(account ?? '')
    await app.unlock(password)
    await app.remove()
    expect(kindOf(app)).toBe('welcome')
    expect(browser.deleted).toEqual([account])
    expect((await browser.accounts.list()).records).toEqual([])
  })
})

test('a damaged entry hides no other account', async () => {
  const database = new MemoryLevel<string, string>()
  const accounts = createAccountStore(database)
  await database.put('account:0x04', '{"version":9}')
  expect(await accounts.list()).toEqual({ records: [], damaged: 1 })
})
