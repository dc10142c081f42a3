import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generatePrivateKey } from '@status-stack/crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAccount, openAccount } from '../../src/account.ts'
import { type Keyring, systemKeyring } from '../../src/keyring.ts'
import { forgetKey, openProfile } from '../../src/open-profile.ts'
import { passwordAdvice } from '../../src/password-strength.ts'
import { type Profile, profileOf } from '../../src/profile.ts'
import { createHome, type Home } from './run-here.ts'

let home: Home
let profile: Profile
beforeEach(async () => {
  home = createHome()
  profile = profileOf({ profile: 'default', dataDir: undefined })
  writeFileSync(join(home.folder, 'password'), 'correct horse')
  writeFileSync(join(home.folder, 'wrong'), 'something else')
  await createAccount(profile, { privateKey: generatePrivateKey() }, 'correct horse', { lightKdf: true })
})
afterEach(() => home.dispose())

function memoryKeyring() {
  const kept = new Map<string, string>()
  const keyring: Keyring = {
    get: async name => kept.get(name),
    set: async (name, secret) => void kept.set(name, secret),
    remove: async name => kept.delete(name)
  }
  return { kept, of: async () => keyring }
}

const settings = (file: string, keyring: 'on' | 'off' = 'on') => ({
  keyring,
  profile: 'default',
  passwordFile: join(home.folder, file)
})

test('the keyring gets the key that the password gives, once, and opens the profile with it', async () => {
  const { kept, of } = memoryKeyring()
  await expect(openProfile(profile, settings('wrong'), of)).rejects.toMatchObject({ code: 'wrong-password' })
  expect(kept.size).toBe(0)
  const opened = await openProfile(profile, settings('password'), of)
  expect([...kept.values()]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)])
  // No password is looked for any more.
  const again = await openProfile(profile, settings('absent'), of)
  expect([again.nodeKey, again.storage]).toEqual([opened.nodeKey, opened.storage])
  const direct = await openAccount(profile, 'correct horse')
  expect([direct.nodeKey, direct.storage]).toEqual([opened.nodeKey, opened.storage])
  expect(readFileSync(profile.accountFile, 'utf8')).not.toContain([...kept.values()][0])
})

test('a key that opens nothing any more is asked for again and replaced', async () => {
  const { kept, of } = memoryKeyring()
  await openProfile(profile, settings('password'), of)
  const [[name = '', before] = []] = [...kept]
  for (const stale of ['ff'.repeat(32), 'nonsense', '']) {
    kept.set(name, stale)
    await expect(openProfile(profile, settings('absent'), of)).rejects.toMatchObject({ code: 'password-file' })
    await openProfile(profile, settings('password'), of)
    expect(kept.get(name)).toBe(before)
  }
})

test('without --keyring none is asked', async () => {
  const never = async (): Promise<Keyring> => {
    throw new Error('the keyring was asked')
  }
  await openProfile(profile, settings('password', 'off'), never)
})

test('it is forgotten when asked for', async () => {
  const { kept, of } = memoryKeyring()
  await openProfile(profile, settings('password'), of)
  expect([await forgetKey(profile, of), await forgetKey(profile, of), kept.size]).toEqual([true, false, 0])
})

test('without the library, or without a keyring, a sentence says what to do', async () => {
  const missing = async () => {
    throw new Error('ERR_MODULE_NOT_FOUND')
  }
  await expect(systemKeyring(missing)).rejects.toMatchObject({ code: 'no-keyring', hint: /npm install/ })
  const locked = class {
    getPassword = async () => {
      throw new Error('the secret is 1234')
    }
    setPassword = async () => undefined
    deletePassword = async () => undefined
  }
  const failing = await systemKeyring(async () => ({ AsyncEntry: locked }))
  const error = await failing.get('x').catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'no-keyring' })
  expect(JSON.stringify(error) + String(error)).not.toContain('1234')
})

test('the keyring of this system keeps, answers and forgets', async context => {
  const keyring = await systemKeyring()
  const name = `test ${process.pid}`
  try {
    await keyring.set(name, 'ab')
  } catch {
    console.warn('there is no keyring in this session: the library was loaded and not used')
    return context.skip()
  }
  expect(await keyring.get(name)).toBe('ab')
  expect([await keyring.remove(name), await keyring.remove(name), await keyring.get(name)]).toEqual([
    true,
    false,
    undefined
  ])
})

test('a weak password is called so, a good one is not', () => {
  for (const weak of ['password', 'letmein1', 'qwertyuiop', 'aaaaaaaaaaaaaaaa', 'Tr0ub4', '12345678901234567890'])
    expect(passwordAdvice(weak), weak).toMatch(/weak/)
  for (const good of ['correct unhinged battery marmalade', 'xxxxxvK9#qLmz2!tRw8'])
    expect(passwordAdvice(good), good).toBeUndefined()
  // However long: only the beginning is judged.
  expect(passwordAdvice(`correct unhinged battery marmalade ${'ab'.repeat(20_000)}`)).toBeUndefined()
  expect(existsSync(join(home.folder, 'password'))).toBe(true)
})
