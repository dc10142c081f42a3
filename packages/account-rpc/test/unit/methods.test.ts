import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectionMethods, eventNames, methods } from '../../src/methods.ts'
import { account, type Json, link, type Served, until } from './world.ts'

const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(300, 5)])
const aac = Buffer.concat([Buffer.from('fff1', 'hex'), Buffer.alloc(100, 6)])

let alice: Served
let bob: Served
let phone: Served
/** What the steps below tell each other. */
const known: Record<string, string> = {}

const has = (name: string): string => {
  const value = known[name]
  if (value === undefined) throw new Error(`${name} is not there yet: an earlier step failed`)
  return value
}

beforeAll(async () => {
  ;[alice, bob, phone] = await Promise.all([account('alice'), account('bob'), account('phone', 'alice')])
  await link(alice, bob)
  await link(alice, phone)
})
afterAll(() => Promise.all([alice, bob, phone].map(one => one.stop())))

const sent = async (params: object): Promise<string> =>
  String(((await alice.call('send', { chat: bob.text, ...params })) as Json)['messageId'])

const arrives = (one: Served, id: string): Promise<void> =>
  until(async () => (await one.client.message(id)) !== undefined)

/**
 * One entry for every method, in the order in which they run: what it does, seen from the other side or in a later answer.
 * A method without an entry fails the first test.
 */
const cases: Readonly<Record<string, () => Promise<void>>> = {
  subscribe: async () => {
    expect(await alice.call('subscribe', { events: [...eventNames] })).toEqual({ events: [...eventNames] })
    await expect(alice.call('subscribe', { events: ['everything'] })).rejects.toMatchObject({ code: -32602 })
  },
  identity: async () => {
    expect(await alice.call('identity')).toMatchObject({
      event: 'identity',
      mailservers: 0,
      publicKey: alice.hex,
      text: alice.text
    })
  },
  peers: async () => {
    expect(await alice.call('peers')).toMatchObject([{ event: 'peer', state: 'connected' }, { event: 'peer' }])
  },
  clockReport: async () => {
    expect(await alice.call('clockReport')).toMatchObject({ warning: false, chatsAhead: [] })
  },
  places: async () => {
    expect(await alice.call('places')).toEqual(expect.arrayContaining([expect.any(String)]))
  },
  joinChat: async () => {
    await alice.call('joinChat', { chat: '#hiking' })
    expect(await alice.call('chats')).toContainEqual(expect.objectContaining({ id: 'hiking', active: true }))
  },
  chats: async () => {
    expect(await alice.call('chats')).toHaveLength(1)
  },
  send: async () => {
    known['first'] = await sent({ text: 'one', clientTag: 'a' })
    expect(await sent({ text: 'one', clientTag: 'a' })).toBe(has('first'))
    await arrives(bob, has('first'))
    known['picture'] = await sent({ image: png.toString('base64'), text: 'two', replyTo: has('first') })
    known['sound'] = await sent({ audio: aac.toString('base64'), durationMs: 1500 })
    await sent({ text: '🙂', emoji: true })
    known['last'] = await sent({ sticker: '4/e30101701220ab' })
    await arrives(bob, has('last'))
    await expect(sent({ image: 'not base64' })).rejects.toMatchObject({ code: -32602 })
    await expect(sent({ image: 'aaaa' })).rejects.toMatchObject({ data: { code: 'image' } })
    await expect(sent({ text: 'x', emoji: true, sticker: '4/ab' })).rejects.toMatchObject({ code: -32602 })
    await expect(sent({ text: 'x', replyTo: `0x${'00'.repeat(32)}` })).rejects.toMatchObject({
      data: { code: 'unknown-message' }
    })
  },
  history: async () => {
    const all = (await bob.call('history', { chat: alice.text })) as Json[]
    expect(all.map(message => message['kind'])).toEqual(['sticker', 'text', 'audio', 'image', 'text'])
    expect(all[3]).toMatchObject({ replyTo: has('first'), attachment: { kind: 'image', type: 'png', bytes: 308 } })
    const page = (params: object): Promise<unknown> => bob.call('history', { chat: alice.text, ...params })
    expect(await page({ after: has('first'), limit: 2 })).toEqual([all[2], all[3]])
    expect(await page({ after: has('picture') })).toEqual(all.slice(0, 3))
    expect(await page({ after: has('first'), before: has('last'), limit: 1 })).toEqual([all[3]])
    expect(await page({ after: has('last') })).toEqual([])
    expect(await page({ before: has('picture') })).toEqual([all[4]])
    await expect(page({ after: has('last'), before: has('first') })).rejects.toMatchObject({ code: -32602 })
    // From the beginning, and named as events name it.
    const chat = { kind: 'one-to-one', publicKey: alice.hex }
    expect(await bob.call('history', { chat, after: null, limit: 2 })).toEqual(all.slice(3))
    await expect(bob.call('history', { chat: { ...chat, name: 'x' } })).rejects.toMatchObject({ code: -32602 })
    await expect(bob.call('history', { chat: { kind: 'planet', name: 'x' } })).rejects.toMatchObject({ code: -32602 })
    await expect(bob.call('history', { chat: '#hiking', after: has('last') })).rejects.toMatchObject({ code: -32602 })
  },
  search: async () => {
    const wanted = { chat: bob.text, text: 'TW' }
    const hit = { messages: [{ messageId: has('picture') }] }
    expect(await alice.call('search', wanted)).toMatchObject({ read: 5, upTo: null, ...hit })
    expect(await alice.call('search', { ...wanted, limit: 1 })).toMatchObject({ upTo: has('picture'), ...hit })
    const rest = await alice.call('search', { ...wanted, before: has('picture'), reads: 1 })
    expect(rest).toMatchObject({ read: 1, messages: [], upTo: has('first') })
  },
  message: async () => {
    expect(await bob.call('message', { messageId: has('first') })).toMatchObject({ text: 'one', seen: false })
    await expect(bob.call('message', { messageId: '0x12' })).rejects.toMatchObject({ data: { code: 'message-id' } })
  },
  attachment: async () => {
    const file = (await bob.call('attachment', { messageId: has('picture') })) as Json
    expect(file).toMatchObject({ kind: 'image', type: 'png', bytes: png.length, base64: png.toString('base64') })
    await expect(bob.call('attachment', { messageId: has('first') })).rejects.toMatchObject({
      data: { code: 'no-attachment' }
    })
  },
  attachmentLimit: async () => {
    expect(await alice.call('attachmentLimit', { chat: bob.text })).toEqual({ bytes: expect.any(Number) })
  },
  react: async () => {
    await bob.call('react', { messageId: has('first'), emoji: '❤️' })
    await until(async () => (await alice.client.message(has('first')))?.reactions.length === 1)
    const off = { messageId: has('first'), emoji: 'love', on: false }
    expect(await bob.call('react', off)).toMatchObject({ event: 'reacted', on: false })
    await expect(bob.call('react', { ...off, emoji: 'heart' })).rejects.toMatchObject({ data: { code: 'emoji' } })
  },
  edit: async () => {
    const edited = (await alice.call('edit', { messageId: has('first'), text: 'better' })) as Json
    expect(edited).toMatchObject({ event: 'edited', messageId: has('first') })
    expect(await alice.call('ledger', { messageId: edited['change'] })).toMatchObject({ event: 'ledger' })
    await until(async () => (await bob.client.message(has('first')))?.text === 'better')
    await expect(bob.call('edit', { messageId: has('first'), text: 'mine' })).rejects.toMatchObject({
      data: { code: 'not-yours' }
    })
  },
  seen: async () => {
    expect(await bob.call('seen', { chat: alice.text, upTo: has('first') })).toEqual({ messages: 1 })
    expect(await bob.call('seen', { chat: alice.text })).toEqual({ messages: 4 })
  },
  ledger: async () => {
    expect(await alice.call('ledger', { messageId: has('first') })).toMatchObject({ messageId: has('first') })
    expect(await alice.call('ledger', { messageId: `0x${'00'.repeat(32)}` })).toBe(null)
  },
  retry: async () => {
    expect(await alice.call('retry')).toEqual({})
    expect(await alice.call('retry', { publicKey: bob.text })).toEqual({})
  },
  cancel: async () => {
    expect(await alice.call('cancel', { messageId: has('first') })).toEqual({})
  },
  draft: async () => {
    expect(await alice.call('draft', { chat: bob.text })).toEqual({ text: '' })
  },
  setDraft: async () => {
    expect(await alice.call('setDraft', { chat: bob.text, text: 'half a sent' })).toEqual({})
    expect(await alice.call('draft', { chat: { kind: 'one-to-one', publicKey: bob.hex } })).toEqual({
      text: 'half a sent'
    })
    await expect(alice.call('setDraft', { chat: bob.text, text: 'x'.repeat(100_000) })).rejects.toMatchObject({
      data: { code: 'too-large' }
    })
  },
  mute: async () => {
    await alice.call('mute', { chat: bob.text })
    expect(await alice.call('chats')).toContainEqual(expect.objectContaining({ muted: true, unread: 0 }))
    await alice.call('mute', { chat: bob.text, on: false })
    expect(await alice.call('chats')).not.toContainEqual(expect.objectContaining({ muted: true }))
  },
  setName: async () => {
    expect(await alice.call('setName', { publicKey: bob.text, name: 'Bob' })).toMatchObject({ name: 'Bob' })
    expect(await alice.call('contact', { publicKey: bob.text })).toMatchObject({ name: 'Bob', added: false })
  },
  delete: async () => {
    await alice.call('delete', { messageId: has('first') })
    await until(async () => (await bob.client.message(has('first')))?.deleted === true)
  },
  addContact: async () => {
    expect(await alice.call('addContact', { publicKey: bob.text })).toMatchObject({ event: 'contact', added: true })
  },
  contact: async () => {
    expect(await alice.call('contact', { publicKey: bob.text })).toMatchObject({ publicKey: bob.hex, added: true })
  },
  contacts: async () => {
    expect(await alice.call('contacts')).toContainEqual(expect.objectContaining({ publicKey: bob.hex }))
  },
  verify: async () => {
    const [ours, theirs] = await Promise.all([
      alice.call('verify', { publicKey: bob.text }),
      bob.call('verify', { publicKey: alice.text })
    ])
    expect((ours as Json)['safetyText']).toBe((theirs as Json)['safetyText'])
  },
  setPolicy: async () => {
    const policy = { publicKey: bob.text, minimum: 'any', pfs: 'off' }
    expect(await alice.call('setPolicy', policy)).toMatchObject({ minimum: 'any', pfs: 'off' })
    await expect(alice.call('setPolicy', { ...policy, minimum: 'none' })).rejects.toMatchObject({ code: -32602 })
    await alice.call('setPolicy', { ...policy, minimum: 'auto', pfs: 'on' })
  },
  createGroup: async () => {
    const group = (await alice.call('createGroup', { name: 'hikers', members: [bob.text] })) as Json
    expect(group).toMatchObject({ event: 'group', group: { name: 'hikers' } })
    known['group'] = String(group['id'])
    await until(async () => (await bob.client.chats()).some(chat => chat.id === has('group')))
  },
  group: async () => {
    expect(await bob.call('group', { group: has('group') })).toMatchObject({ group: { joined: false } })
    await expect(bob.call('group', { group: alice.text })).rejects.toMatchObject({ code: -32602 })
  },
  joinGroup: async () => {
    expect(await bob.call('joinGroup', { group: has('group') })).toMatchObject({ group: { joined: true } })
  },
  renameGroup: async () => {
    expect(await alice.call('renameGroup', { group: has('group'), name: 'climbers' })).toMatchObject({
      group: { name: 'climbers' }
    })
  },
  promoteInGroup: async () => {
    await alice.call('promoteInGroup', { group: has('group'), members: [bob.text] })
    await until(async () => {
      const chat = (await bob.client.chats()).find(({ id }) => id === has('group'))
      return chat?.group?.members.every(({ admin }) => admin) === true
    })
  },
  inviteToGroup: async () => {
    const carol = 'zQ3shb9MXYkUB8HtxYszkdL8TTfWQkFBywHjW9ArohMMQtT8b'
    const { group } = (await alice.call('inviteToGroup', { group: has('group'), members: [carol] })) as Json
    expect((group as Json)['members']).toHaveLength(3)
    known['carol'] = carol
  },
  removeFromGroup: async () => {
    const { group } = (await alice.call('removeFromGroup', {
      group: has('group'),
      publicKey: has('carol')
    })) as Json
    expect((group as Json)['members']).toHaveLength(2)
  },
  stepDownInGroup: async () => {
    const { group } = (await alice.call('stepDownInGroup', { group: has('group') })) as Json
    expect((group as { members: Json[] }).members.map(member => member['admin']).sort()).toEqual([false, true])
  },
  leaveGroup: async () => {
    expect(await alice.call('leaveGroup', { group: has('group') })).toMatchObject({ group: { member: false } })
  },
  pair: async () => {
    await phone.call('pair', { name: 'pocket', type: 'phone' })
    await until(async () => (await alice.client.devices()).some(({ name }) => name === 'pocket'))
  },
  devices: async () => {
    expect(await alice.call('devices')).toContainEqual(
      expect.objectContaining({ installationId: phone.client.installationId, name: 'pocket', enabled: false })
    )
    expect(await alice.call('devices', { publicKey: bob.text })).toEqual(expect.any(Array))
  },
  enableDevice: async () => {
    await alice.call('enableDevice', { installationId: phone.client.installationId })
    expect(await alice.call('devices')).toContainEqual(expect.objectContaining({ name: 'pocket', enabled: true }))
  },
  syncDevices: async () => {
    await alice.call('syncDevices')
    await until(async () => (await phone.client.contacts()).some(({ added }) => added))
  },
  disableDevice: async () => {
    await alice.call('disableDevice', { installationId: phone.client.installationId })
    await expect(alice.call('disableDevice', { installationId: 'nobody' })).rejects.toMatchObject({
      data: { code: 'unknown-device' }
    })
  },
  setProfile: async () => {
    expect(await alice.call('setProfile', { ensName: 'alice.eth' })).toEqual({})
  },
  profile: async () => {
    // What a camera wrote beside the pixels stays here.
    const exif = [0, 0, 0, 1, ...Buffer.from('eXIf'), 7, 0, 0, 0, 0]
    const png = (more: readonly number[]) =>
      `data:image/png;base64,${Buffer.from([0x89, ...Buffer.from('PNG\r\n\u001a\n'), ...more]).toString('base64')}`
    await alice.call('setProfile', { picture: png(exif) })
    expect(await alice.call('profile')).toMatchObject({ ensName: 'alice.eth', picture: png([]) })
    await alice.call('setProfile', { picture: '' })
    expect(await alice.call('profile')).toMatchObject({ event: 'profile', ensName: 'alice.eth', picture: '' })
  },
  publishContactCode: async () => {
    expect(await alice.call('publishContactCode')).toEqual({})
  },
  fetch: async () => {
    await expect(alice.call('fetch', { since: '1h' })).rejects.toMatchObject({ code: -32000 })
    await expect(alice.call('fetch', { since: 'tomorrow' })).rejects.toMatchObject({ code: -32602 })
  },
  block: async () => {
    expect(await alice.call('block', { publicKey: bob.text })).toMatchObject({ blocked: true })
  },
  unblock: async () => {
    expect(await alice.call('unblock', { publicKey: bob.text })).toMatchObject({ blocked: false })
  },
  removeContact: async () => {
    expect(await alice.call('removeContact', { publicKey: bob.text })).toMatchObject({ added: false })
  },
  clearChat: async () => {
    await alice.call('clearChat', { chat: bob.text })
    expect(await alice.call('history', { chat: bob.text })).toEqual([])
  },
  leaveChat: async () => {
    await alice.call('leaveChat', { chat: '#hiking' })
    expect(await alice.call('chats')).toContainEqual(expect.objectContaining({ id: 'hiking', active: false }))
  },
  unsubscribe: async () => {
    expect(await alice.call('unsubscribe', { events: [...eventNames] })).toEqual({ events: [] })
  }
}

test('every method has a case, and every case a method', () => {
  expect(Object.keys(cases).sort()).toEqual([...Object.keys(methods), ...Object.keys(connectionMethods)].sort())
})

describe('methods', () => {
  test.each(Object.keys(cases))('%s', async name => cases[name]?.())

  test('what happened meanwhile was told', () => {
    const told = new Set(alice.events.map(event => event['event']))
    for (const name of ['message', 'change', 'delivery', 'chat', 'contact', 'device']) expect(told).toContain(name)
  })

  test.each(Object.entries(methods))('%s refuses a parameter that it does not have', async name => {
    await expect(alice.call(name, { nothing: 1 })).rejects.toMatchObject({ code: -32602 })
    await expect(alice.call(name, [1])).rejects.toMatchObject({ code: -32602 })
  })
})
