import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generatePrivateKey } from '@status-stack/crypto'
import { createAccount, type Keyring } from '@status-stack/profiles'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openWithSettings } from '../../src/open-profile.ts'
import { passwordAdvice } from '../../src/password-strength.ts'
import { profileOf } from '../../src/profile.ts'
import { createHome, type Home } from './run-here.ts'

let home: Home
beforeEach(() => {
  home = createHome()
})
afterEach(() => home.dispose())

const file = (name: string, bytes: string | Uint8Array): string => {
  const path = join(home.folder, name)
  writeFileSync(path, bytes)
  return path
}
const utf8 = (text: string) => new TextEncoder().encode(text)
const init = (path: string, profile = 'default') =>
  home.run(['init', '--light-kdf', '--profile', profile, '--password-file', path])
const open = (path: string, profile = 'default') =>
  home.run(['account', 'phrase', '--profile', profile, '--password-file', path])

describe('passwords are bytes', () => {
  test('bytes that are not UTF-8 are refused, and open no profile', async () => {
    const one = file('one', Uint8Array.of(0x70, 0xff))
    const made = await init(one)
    expect([made.code, made.stderr]).toEqual([3, expect.stringContaining('not UTF-8')])
    expect((await init(file('replaced', 'p\ufffd'))).code).toBe(0)
    // Earlier, every wrong byte was the same character: this opened the profile of whoever had used another one.
    expect((await open(file('other', Uint8Array.of(0x70, 0xfe)))).code).toBe(3)
    expect((await open(file('replaced', 'p\ufffd\n'))).code).toBe(0)
  })

  test('of the environment are refused where what was given cannot be known', async () => {
    vi.stubEnv('STATUS_STACK_PASSWORD_FILE', '')
    vi.stubEnv('STATUS_STACK_PASSWORD', 'p\ufffd')
    const ended = await home.run(['init', '--light-kdf'])
    expect([ended.code, ended.stderr]).toEqual([3, expect.stringContaining('STATUS_STACK_PASSWORD is not UTF-8')])
  })

  test('a byte order mark is no part of it', async () => {
    expect((await init(file('marked', '\ufeffsecret\r\n'))).code).toBe(0)
    expect((await open(file('plain', 'secret'))).code).toBe(0)
    expect((await open(file('marked', '\ufeffsecret\n'))).code).toBe(0)
  })

  test('a profile that an earlier version encrypted under the mark opens with the same file', async () => {
    const profile = profileOf({ profile: 'default', dataDir: undefined })
    await createAccount(profile, { privateKey: generatePrivateKey(), entropy: new Uint8Array(16) }, '\ufeffsecret', {
      lightKdf: true
    })
    expect((await open(file('marked', '\ufeffsecret\n'))).code).toBe(0)
    const other = await open(file('plain', 'secret\n'))
    expect([other.code, other.stderr]).toEqual([3, expect.stringContaining('does not open')])
    const changed = await home.run([
      ...['account', 'password', '--password-file', file('marked', '\ufeffsecret\n')],
      ...['--new-password-file', file('new', 'new')]
    ])
    expect(changed.code).toBe(0)
    expect((await open(file('new', 'new'))).code).toBe(0)
  })

  test('letters that look alike and have other bytes are other passwords, and a hint says so', async () => {
    const composed = file('nfc', 'caf\u00e9')
    const decomposed = file('nfd', 'cafe\u0301')
    expect((await init(composed)).code).toBe(0)
    expect((await open(composed)).code).toBe(0)
    const ended = await open(decomposed)
    expect([ended.code, ended.stderr]).toEqual([3, expect.stringContaining('one character or as two')])
    expect((await open(file('wrong', 'coffee'))).stderr).not.toContain('one character')
  })

  test('a keystore of other software opens with the bytes that were typed there', async () => {
    const { encryptKeystore, decryptKeystore } = await import('@status-stack/status-accounts')
    const privateKey = generatePrivateKey()
    const cost = { scrypt: { n: 1024, r: 8, p: 1 } }
    for (const typed of ['caf\u00e9', 'cafe\u0301', '\ufeffx', '\ud55c\uae00']) {
      const keystore = await encryptKeystore(
        { privateKey },
        new TextDecoder('utf-8', { ignoreBOM: true }).decode(utf8(typed)),
        cost
      )
      expect((await decryptKeystore(keystore, typed)).privateKey).toEqual(privateKey)
    }
  })

  test('one of nothing but a mark, or of a line end, is empty', async () => {
    for (const text of ['', '\n', '\r\n', '\ufeff', '\ufeff\n'])
      expect((await init(file('empty', text))).stderr).toContain('the password is empty')
    mkdirSync(home.profile, { recursive: true })
    rmSync(home.profile, { recursive: true })
  })
})

describe('the keyring', () => {
  const settings = (passwordFile: string | undefined, keyring: 'on' | 'off') =>
    ({ keyring, profile: 'default', passwordFile }) as const

  test('is asked with --keyring, and not without', async () => {
    await init(file('password', 'secret'))
    const profile = profileOf({ profile: 'default', dataDir: undefined })
    const never = async (): Promise<Keyring> => {
      throw new Error('the keyring was asked')
    }
    await openWithSettings(profile, settings(file('password', 'secret'), 'off'), never)
    await expect(openWithSettings(profile, settings(file('password', 'secret'), 'on'), never)).rejects.toThrow('asked')
    const kept = new Map<string, string>()
    const keyring: Keyring = {
      get: async name => kept.get(name),
      set: async (name, secret) => void kept.set(name, secret),
      remove: async name => kept.delete(name)
    }
    await openWithSettings(profile, settings(file('password', 'secret'), 'on'), async () => keyring)
    // No password is looked for any more.
    await openWithSettings(profile, settings(join(home.folder, 'absent'), 'on'), async () => keyring)
  })
})

test('a weak password is called so, a good one is not', () => {
  for (const weak of ['password', 'letmein1', 'qwertyuiop', 'aaaaaaaaaaaaaaaa', 'Tr0ub4', '12345678901234567890'])
    expect(passwordAdvice(weak), weak).toMatch(/weak/)
  for (const good of ['correct unhinged battery marmalade', 'xxxxxvK9#qLmz2!tRw8'])
    expect(passwordAdvice(good), good).toBeUndefined()
  // However long: only the beginning is judged.
  expect(passwordAdvice(`correct unhinged battery marmalade ${'ab'.repeat(20_000)}`)).toBeUndefined()
})
