import { describe, expect, test } from 'vitest'
import type { Account } from '../../src/index.ts'
import type { ContactFact } from '../../src/methods.ts'
import { bob, chatFact, self } from '../../src/testing/index.ts'
import {
  assertGroup,
  assertPerson,
  assertTarget,
  findChat,
  findGroup,
  findPerson,
  knownWords,
  namesOfAccount
} from '../../src/words/index.ts'

const groupId = `fcb42c9b-6a01-4c1b-8b0f-0a1b2c3d4e5f-${self}`
const invitedId = `aaaaaaaa-6a01-4c1b-8b0f-0a1b2c3d4e5f-${self}`
const contact = (publicKey: string, name: string) =>
  ({ publicKey, name, ensName: '', ensVerified: false }) as ContactFact
const invited = chatFact({ kind: 'group', id: invitedId }, 0, 'Robbers')
const account: Pick<Account, 'contacts' | 'chats'> = {
  contacts: async () => [contact(bob, 'Bob'), contact(self, 'Both')],
  chats: async () => [
    chatFact({ kind: 'group', id: groupId }, 0, 'Hikers'),
    chatFact({ kind: 'group', id: `${groupId.slice(0, -1)}0` }, 0, 'Both'),
    { ...invited, group: { name: 'Robbers', joined: false, member: true, members: [] } }
  ]
}

describe('what is typed for a conversation', () => {
  test.each([
    ['Bob', { kind: 'one-to-one', publicKey: bob }],
    ['@bob', { kind: 'one-to-one', publicKey: bob }],
    [bob, { kind: 'one-to-one', publicKey: bob }],
    ['hikers', { kind: 'group', id: groupId }],
    [groupId, { kind: 'group', id: groupId }],
    [invitedId, { kind: 'group', id: invitedId }],
    // As `chats` and `group list` show it.
    ['aaaaaaaa…', { kind: 'group', id: invitedId }],
    ['AAAAAAAA-6a01', { kind: 'group', id: invitedId }],
    ['#bob', { kind: 'public', name: 'bob' }]
  ])('%s', async (typed, chat) => {
    expect(() => assertTarget(typed)).not.toThrow()
    expect(await findChat(account, typed)).toEqual(chat)
  })

  test.each([
    ['Bbo', 'unknown-name'],
    // A stranger who invites us to a group cannot take a name that we might type.
    ['Robbers', 'unknown-name'],
    ['Both', 'several-names'],
    ['fcb42c9b', 'several-names'],
    ['fcb42c9', 'unknown-name'],
    ['deadbeef', 'unknown-name']
  ])('%s: %s', async (typed, code) => {
    await expect(findChat(account, typed)).rejects.toMatchObject({ name: 'AccountError', code })
  })

  test('people and groups are looked for where they are meant', async () => {
    expect(await findPerson(account, 'both')).toBe(self)
    expect(await findGroup(account, 'both')).toBe(`${groupId.slice(0, -1)}0`)
    await expect(findPerson(account, 'hikers')).rejects.toMatchObject({ code: 'unknown-name' })
    await expect(findGroup(account, 'bob')).rejects.toMatchObject({ code: 'unknown-name' })
  })
})

describe('a slip in a key, a chat or a link is refused before the account is opened', () => {
  test.each(['', ' ', 'zQ3shBroken', 'zq3sh', '0x04ab', '#Status', 'https://example.org/x', bob.slice(2, -2)])(
    '%j',
    typed => {
      expect(() => assertTarget(typed)).toThrow()
      expect(() => assertPerson(typed)).toThrow()
      expect(() => assertGroup(typed)).toThrow()
    }
  )

  test('a person is no group', () => {
    expect(() => assertGroup(bob)).toThrow(expect.objectContaining({ code: 'group-id' }))
    expect(() => assertGroup('#status')).toThrow(expect.objectContaining({ code: 'group-id' }))
    expect(() => assertPerson(groupId)).toThrow(expect.objectContaining({ code: 'public-key' }))
  })

  test('an error holds what was typed, cut short', async () => {
    await expect(findPerson(account, 'x'.repeat(500))).rejects.toMatchObject({
      message: expect.stringMatching(/^.{1,100}$/)
    })
  })
})

test('names that were learnt are enough: the account is asked for its contacts and its chats once', async () => {
  const asked: string[] = []
  const counting = {
    contacts: async () => {
      asked.push('contacts')
      return account.contacts()
    },
    chats: async () => {
      asked.push('chats')
      return account.chats()
    },
    on: () => () => undefined
  }
  const names = await namesOfAccount(counting, { self })
  expect(await findChat(names, 'Bob')).toEqual({ kind: 'one-to-one', publicKey: bob })
  expect(await findPerson(names, '@bob')).toBe(bob)
  expect(await findGroup(names, 'hikers')).toBe(groupId)
  expect(asked).toEqual(['contacts', 'chats'])
  names.learn(contact(self, 'Ann'))
  expect(await findPerson(names, 'ann')).toBe(self)
})

describe('what can be typed', () => {
  const word = (about: string, of: readonly { readonly word: string; readonly about: string }[]) =>
    of.filter(one => one.about === about).map(one => one.word)

  test('people by a name that is theirs alone, and by their keys', async () => {
    const contacts = await knownWords('contacts', account, self)
    expect(contacts).toContainEqual({ word: 'Bob', about: expect.stringMatching(/^zQ3sh/) })
    expect(word('Bob', contacts)).toEqual([expect.stringMatching(/^zQ3sh/)])
    expect(contacts.find(({ about }) => about === 'Bob')?.named).toBe(true)
    for (const { word: typed } of contacts) await findPerson(account, typed)
  })

  test('groups that we have joined by name, others by id', async () => {
    const groups = await knownWords('groups', account, self)
    expect(groups.map(one => one.word)).toContain('Hikers')
    expect(word('Robbers', groups)).toEqual([invitedId])
    for (const { word: typed } of groups) await findGroup(account, typed)
  })

  test('all of it for a chat, each once', async () => {
    const channel = { ...chatFact({ kind: 'public', name: 'cats' }), active: true }
    const left = { ...chatFact({ kind: 'public', name: 'dogs' }), active: false }
    const person = { ...chatFact({ kind: 'one-to-one', publicKey: bob }), active: true }
    const chats = async () => [channel, left, person, ...(await account.chats())]
    const all = await knownWords('chats', { ...account, chats }, self)
    expect(all[0]).toEqual({ word: '#cats', about: '' })
    expect(new Set(all.map(one => one.word)).size).toBe(all.length)
    expect(all.map(one => one.word)).not.toContain('#dogs')
    expect(all.filter(one => one.word === 'Bob')).toHaveLength(1)
  })
})
