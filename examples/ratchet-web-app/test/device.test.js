import { memorySessionStore } from '@status-stack/status-pfs/testing'
import { expect, test } from 'vitest'
import { openDevice } from '../src/device.js'

test('two devices over nothing but a callback: forward secret from the answer on, and after a restart', async () => {
  /** @type {{ bytes: Uint8Array, to: Uint8Array }[]} */
  const posted = []
  const send = async (/** @type {Uint8Array} */ bytes, /** @type {Uint8Array} */ to) => void posted.push({ bytes, to })
  const stores = [memorySessionStore(), memorySessionStore()]
  const open = (/** @type {number} */ at) => openDevice(`device-${at}`, stores[at] ?? memorySessionStore(), send)
  /** @type {string[]} */
  const lines = []

  let [alice, bob] = [await open(0), await open(1)]
  for (const [turn, text] of ['hello', 'hi alice', 'how are you?', 'fine'].entries()) {
    const [from, to] = turn % 2 === 0 ? [alice, bob] : [bob, alice]
    await from.write(text, to.publicKey)
    const message = posted.shift()
    expect(message?.to).toEqual(to.publicKey)
    expect(new TextDecoder().decode(message?.bytes)).not.toContain(text)
    await to.read(message?.bytes ?? new Uint8Array(), from.publicKey, async (read, protection) => {
      lines.push(`${read} (${protection})`)
    })
    // Identity and sessions lie in the store: who opens it again goes on where they were.
    const key = bob.publicKey
    ;[alice, bob] = [await open(0), await open(1)]
    expect(bob.publicKey).toEqual(key)
  }
  expect(lines).toEqual([
    'hello (static-key)',
    'hi alice (forward-secret)',
    'how are you? (forward-secret)',
    'fine (forward-secret)'
  ])
})

test('a message that its page did not keep can be read again, and one that was kept cannot', async () => {
  /** @type {Uint8Array[]} */
  const posted = []
  const send = async (/** @type {Uint8Array} */ bytes) => void posted.push(bytes)
  const [alice, bob] = [
    await openDevice('a', memorySessionStore(), send),
    await openDevice('b', memorySessionStore(), send)
  ]
  const take = () => posted.shift() ?? new Uint8Array()
  await alice.write('hello', bob.publicKey)
  await bob.read(take(), alice.publicKey, async () => undefined)
  await bob.write('secret', alice.publicKey)
  const answer = take()
  const closed = alice.read(answer, bob.publicKey, async () => {
    throw new Error('the page was closed')
  })
  await expect(closed).rejects.toThrow('the page was closed')
  /** @type {string[]} */
  const kept = []
  for (let times = 0; times < 2; times++)
    await alice.read(answer, bob.publicKey, async text => {
      kept.push(text)
    })
  expect(kept).toEqual(['secret'])
})
