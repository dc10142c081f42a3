import { BrowserLevel } from 'browser-level'
import { expect, test } from 'vitest'
import { keyOf, peerIdOf, storageKey, until } from '../support/world.ts'
import type { Answer, Order } from './orders.ts'

/** A worker has a thread, a database connection and locks of its own, as a tab has; ending it is closing the tab. */
function openTab() {
  const worker = new Worker(new URL('./tab.ts', import.meta.url), { type: 'module' })
  const waiting = new Map<number, (answer: Answer) => void>()
  let last = 0
  worker.onmessage = ({ data }: MessageEvent<{ readonly id: number; readonly answer: Answer }>) => {
    waiting.get(data.id)?.(data.answer)
    waiting.delete(data.id)
  }
  worker.onerror = event => {
    for (const answer of waiting.values()) answer({ error: `the tab failed: ${event.message}` })
    waiting.clear()
  }
  const tell = (order: Order, transfer: Transferable[] = []): Promise<Answer> =>
    new Promise(resolve => {
      last += 1
      waiting.set(last, resolve)
      worker.postMessage({ id: last, order }, transfer)
    })
  return { tell, close: () => worker.terminate() }
}

type Tab = ReturnType<typeof openTab>

const run = crypto.randomUUID()
const open = (tab: Tab, name: string): Promise<Answer> =>
  tab.tell({ do: 'open', privateKey: keyOf(`${name} ${run}`), storageKey, database: `${name} ${run}` })

/** The same ids each time, although nobody tells the other end of a port that a tab was closed. */
async function link(a: Tab, b: Tab): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  await a.tell({ do: 'attach', port: port1, peerId: peerIdOf('b') }, [port1])
  await b.tell({ do: 'attach', port: port2, peerId: peerIdOf('a') }, [port2])
}

const has = async (tab: Tab, text: string): Promise<boolean> =>
  (await tab.tell({ do: 'received' })).messages?.some(message => message.text === text) === true

test('two workers hold a forward-secret conversation over a MessagePort, survive a reload and refuse a second one', async () => {
  let alice = openTab()
  const bob = openTab()
  const { publicKey: aliceKey, installationId } = await open(alice, 'alice')
  const { publicKey: bobKey } = await open(bob, 'bob')
  if (aliceKey === undefined || bobKey === undefined) throw new Error('the tabs did not open')
  await link(alice, bob)
  await alice.tell({ do: 'send', to: bobKey, text: 'hello' })
  await until('bob reads', () => has(bob, 'hello'))
  await bob.tell({ do: 'send', to: aliceKey, text: 'hello yourself' })
  await until('alice reads', () => has(alice, 'hello yourself'))
  const [answer] = (await alice.tell({ do: 'received' })).messages ?? []
  expect(answer?.protection).toBe('forward-secret')

  const second = openTab()
  expect((await open(second, 'alice')).error).toBe('account-in-use')
  second.close()

  // A reload closes the tab without a word.
  alice.close()
  alice = openTab()
  await until('the lock is free again', async () => {
    const opened = await open(alice, 'alice')
    if (opened.error !== undefined) return false
    expect(opened.installationId).toBe(installationId)
    return true
  })
  await link(alice, bob)
  const kept = await alice.tell({ do: 'history', to: bobKey })
  expect(kept.messages?.map(message => message.text)).toEqual(['hello yourself', 'hello'])
  await alice.tell({ do: 'send', to: bobKey, text: 'back again' })
  await until('bob reads on', () => has(bob, 'back again'))
  const received = (await bob.tell({ do: 'received' })).messages
  expect(received?.map(message => message.protection)).toEqual(['static-key', 'forward-secret'])
  for (const tab of [alice, bob]) {
    await tab.tell({ do: 'close' })
    tab.close()
  }
  for (const name of ['alice', 'bob']) await BrowserLevel.destroy(`${name} ${run}`)
})
