import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generatePrivateKey } from '@status-stack/crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAccount, openAccount } from '../../src/account.ts'
import { type Profile, profileIn } from '../../src/folder/profile.ts'
import { type Keyring, systemKeyring } from '../../src/keyring.ts'
import { forgetKey, openProfile, type Unlocking } from '../../src/open.ts'

const right = 'correct horse'

let folder: string
let profile: Profile
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'status-stack-keyring-'))
  profile = profileIn(folder, 'default')
  await createAccount(profile, { privateKey: generatePrivateKey() }, right, { lightKdf: true })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function memoryKeyring() {
  const kept = new Map<string, string>()
  const keyring: Keyring = {
    get: async name => kept.get(name),
    set: async (name, secret) => void kept.set(name, secret),
    remove: async name => kept.delete(name)
  }
  return { kept, of: async () => keyring }
}

/** Somebody who gives this password, or nobody who could. */
const giving =
  (password: string | undefined): Unlocking['withPassword'] =>
  async open => {
    if (password === undefined) throw new Error('nobody is there')
    return open(password)
  }
const unlocking = (password: string | undefined, keyring?: Unlocking['keyring']): Unlocking => ({
  withPassword: giving(password),
  keyring
})

test('the keyring gets the key that the password gives, once, and opens the profile with it', async () => {
  const { kept, of } = memoryKeyring()
  await expect(openProfile(profile, unlocking('something else', of))).rejects.toMatchObject({ code: 'wrong-password' })
  expect(kept.size).toBe(0)
  const opened = await openProfile(profile, unlocking(right, of))
  expect([...kept.values()]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)])
  // No password is looked for any more.
  const again = await openProfile(profile, unlocking(undefined, of))
  expect([again.nodeKey, again.storage]).toEqual([opened.nodeKey, opened.storage])
  const direct = await openAccount(profile, right)
  expect([direct.nodeKey, direct.storage]).toEqual([opened.nodeKey, opened.storage])
  expect(readFileSync(profile.accountFile, 'utf8')).not.toContain([...kept.values()][0])
})

test('a key that opens nothing any more is asked for again and replaced', async () => {
  const { kept, of } = memoryKeyring()
  await openProfile(profile, unlocking(right, of))
  const [[name = '', before] = []] = [...kept]
  for (const stale of ['ff'.repeat(32), 'nonsense', '']) {
    kept.set(name, stale)
    await expect(openProfile(profile, unlocking(undefined, of))).rejects.toThrow('nobody is there')
    await openProfile(profile, unlocking(right, of))
    expect(kept.get(name)).toBe(before)
  }
})

test('without a keyring the password is asked for each time', async () => {
  await openProfile(profile, unlocking(right))
  await expect(openProfile(profile, unlocking(undefined))).rejects.toThrow('nobody is there')
})

test('it is forgotten when asked for', async () => {
  const { kept, of } = memoryKeyring()
  await openProfile(profile, unlocking(right, of))
  expect([await forgetKey(profile, of), await forgetKey(profile, of), kept.size]).toEqual([true, false, 0])
})

test('without the library, or without a keyring, a sentence says which of them is missing', async () => {
  const missing = async () => {
    throw new Error('ERR_MODULE_NOT_FOUND')
  }
  await expect(systemKeyring(missing)).rejects.toMatchObject({ code: 'no-keyring', details: { library: 'missing' } })
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
