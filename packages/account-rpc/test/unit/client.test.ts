import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CallError } from '../../src/client.ts'
import { account, type Served } from './world.ts'

let alice: Served
beforeAll(async () => {
  alice = await account('alice')
  await alice.client.joinPublic('hiking')
})
afterAll(() => alice.stop())

describe('an account behind a connection is the same account', () => {
  test('it answers the same, but for the format of the facts', async () => {
    for (const name of ['identity', 'peers', 'places', 'contacts', 'clockReport'] as const)
      expect(await alice.remote[name]()).toEqual(withFormat(await alice.local[name]()))
    const chat = { chat: '#hiking' }
    expect(await alice.remote.chats()).toEqual(withFormat(await alice.local.chats()))
    expect(await alice.remote.attachmentLimit(chat)).toEqual(await alice.local.attachmentLimit(chat))
    const sent = await alice.remote.send({ ...chat, text: 'hello', clientTag: 'a' })
    expect(await alice.local.send({ ...chat, text: 'hello', clientTag: 'a' })).toMatchObject({
      messageId: sent.messageId
    })
    expect(await alice.remote.search({ ...chat, text: 'HELL' })).toEqual(
      await alice.local.search({ ...chat, text: 'HELL' })
    )
    expect(await alice.remote.history(chat)).toEqual(withFormat(await alice.local.history(chat)))
  })

  test('it refuses the same', async () => {
    for (const one of [alice.local, alice.remote]) {
      await expect(one.send({ chat: 'no key', text: 'x' })).rejects.toMatchObject({
        name: 'AccountError',
        code: 'public-key',
        hint: expect.stringContaining('zQ3sh')
      })
      await expect(one.history({ chat: '#hiking', limit: 0 })).rejects.toMatchObject({ code: 'params' })
      await expect(one.disableDevice({ installationId: 'unknown' })).rejects.toMatchObject({ code: 'unknown-device' })
    }
    await expect(alice.remote.call('nothing')).rejects.toMatchObject({ code: 'method' })
    expect(CallError.is(await alice.remote.call('nothing').catch(error => error))).toBe(true)
  })

  test('it tells the same, to those who listen', async () => {
    const heard: Record<'local' | 'remote', unknown[]> = { local: [], remote: [] }
    const offs = [
      alice.local.on('delivery', fact => void heard.local.push(withFormat(fact))),
      alice.remote.on('delivery', fact => void heard.remote.push(fact))
    ]
    const send = async (text: string): Promise<void> => {
      await alice.remote.send({ chat: '#hiking', text })
      await alice.client.idle()
      await alice.remote.identity()
    }
    await send('both')
    expect(heard.local).not.toEqual([])
    expect(heard.remote).toEqual(heard.local)
    const before = heard.local.length
    for (const off of offs) off()
    await send('none')
    expect([heard.local.length, heard.remote.length]).toEqual([before, before])
  })
})

function withFormat(value: unknown): unknown {
  const plain = JSON.parse(JSON.stringify(value))
  const one = (fact: object): object => ('event' in fact ? { format: 1, ...fact } : fact)
  return Array.isArray(plain) ? plain.map(each => (typeof each === 'object' ? one(each) : each)) : one(plain)
}
