import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keyHex, shortKey } from '@status-stack/account-rpc/targets'
import {
  contactView,
  createNames,
  handleOf,
  personColor,
  personName,
  readable,
  shownPerson
} from '@status-stack/account-rpc/words'
import { publicKeyOf } from '@status-stack/crypto'
import { aliasOf } from '@status-stack/status-accounts'
import { describe, expect, test } from 'vitest'
import { readAliasWords } from '../../src/alias-words.ts'
import { limits } from '../../src/limits.ts'

const publicKey = publicKeyOf(new Uint8Array(32).fill(7))
const key = keyHex(publicKey)
const self = keyHex(publicKeyOf(new Uint8Array(32).fill(8)))
const words = { adjectives: ['Tiny', 'Red'], animals: ['Fox'] }
const known = (changes: object = {}) => ({ name: '', ensName: '', ensVerified: false, ...changes })

describe('what a person is called', () => {
  test.each([
    ['we are you', self, known({ name: 'me' }), { self, words }, 'you', 'you'],
    [
      'what the user calls them',
      key,
      known({ name: 'Bob', ensName: 'b.eth', ensVerified: true }),
      { words },
      'given',
      'Bob ✓'
    ],
    ['their verified name', key, known({ ensName: 'bob.eth', ensVerified: true }), { words }, 'ens', 'bob.eth ✓'],
    ['not a name that is only claimed', key, known({ ensName: 'bob.eth' }), {}, 'key', shortKey(key)],
    [
      'not a verified name of another kind',
      key,
      known({ ensName: 'bob', ensVerified: true }),
      {},
      'key',
      shortKey(key)
    ],
    ['the three words of the key', key, known(), { words }, 'alias', aliasOf(publicKey, words)],
    ['the short key', key, undefined, {}, 'key', shortKey(key)],
    ['nothing that acts on a terminal', key, known({ name: 'a\u001b[2J\nb' }), {}, 'given', 'a·[2J ⏎ b']
  ] as const)('%s', (_, who, facts, naming, kind, text) => {
    const person = personName(who, facts, naming)
    expect(person.kind).toBe(kind)
    expect(shownPerson(person)).toBe(text)
  })

  test('as one word behind @, in mentions, and beside the key in lists, with what is claimed', () => {
    expect(handleOf({ text: 'Bob from work' })).toBe('Bob-from-work')
    const names = createNames({ self, words: undefined })
    const facts = {
      added: true,
      requestReceived: false,
      blocked: false,
      picture: '',
      minimum: 'auto',
      pfs: 'on'
    } as const
    const contact = { ...facts, event: 'contact', publicKey: key, text: 'zQ3sh', safetyText: '', ...known() } as const
    expect(contactView(contact, names).text).toBe('zQ3sh  added')
    const claiming = { ...contact, name: 'Bob', ensName: 'bob.eth' }
    names.learn(claiming)
    expect(readable(`hi @${key} and @${self}`, names)).toBe('hi @Bob and @you')
    // Lines of the program itself, about us and about others.
    expect(readable(`@${self} has invited @${key}`, names, '')).toBe('you have invited Bob')
    expect(readable(`@${key} has invited @${self}`, names, '')).toBe('Bob has invited you')
    expect(readable(`@${self} is not admin anymore`, names, '')).toBe('you are not admin anymore')
    expect(readable(`@${self} has it`, names)).toBe('@you has it')
    expect(contactView(claiming, names).text).toBe('zQ3sh  Bob  claims to be bob.eth (not verified)  added')
    const verified = { ...claiming, ensVerified: true }
    names.learn(verified)
    expect(contactView(verified, names).text).toBe('zQ3sh  Bob ✓  is bob.eth  added')
  })

  test('a key has one colour, and keys have different ones', () => {
    const colors = Array.from({ length: 40 }, (_, n) =>
      personColor(keyHex(publicKeyOf(new Uint8Array(32).fill(n + 1))))
    )
    expect(new Set(colors).size).toBeGreaterThan(3)
    expect(personColor(key)).toBe(personColor(key))
  })
})

describe('lists of words', () => {
  const folder = mkdtempSync(join(tmpdir(), 'status-stack-words-'))
  test('are read from a folder; other lists than the shared ones are said to be others; a missing one is named', async () => {
    const notes: unknown[] = []
    const output = { note: (event: object) => void notes.push(event) }
    expect(await readAliasWords(undefined, output)).toBeUndefined()
    writeFileSync(join(folder, 'adjectives.txt'), 'Tiny\r\nRed\n')
    writeFileSync(join(folder, 'animals.txt'), 'Fox\n\n')
    expect(await readAliasWords(folder, output)).toEqual(words)
    expect(notes).toMatchObject([{ event: 'warning', code: 'alias-words' }])
    const missing = join(folder, 'missing')
    mkdirSync(missing)
    await expect(readAliasWords(missing, output)).rejects.toMatchObject({ code: 'alias-words' })
    writeFileSync(join(missing, 'adjectives.txt'), 'x'.repeat(limits.aliasListBytes + 1))
    await expect(readAliasWords(missing, output)).rejects.toMatchObject({ code: 'alias-words' })
    rmSync(folder, { recursive: true })
  })
})
