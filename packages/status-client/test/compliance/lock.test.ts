import { describe, expect, test } from 'vitest'
import { type AccountLock, webLocks } from '../../src/index.ts'
import { accountLockCases } from '../../src/testing/index.ts'
import { fakeLocks } from '../support/locks.ts'

describe('Web Locks', () => {
  const locks = fakeLocks()
  for (const { name, run } of accountLockCases(async () => webLocks(locks))) test(name, run)
})

describe('the suite refuses', () => {
  const rejects = async (create: () => Promise<AccountLock>): Promise<boolean> => {
    const results = await Promise.allSettled(accountLockCases(create).map(({ run }) => run()))
    return results.some(result => result.status === 'rejected')
  }

  test('a lock that gives everything to everybody', async () => {
    expect(await rejects(async () => ({ acquire: async () => () => {} }))).toBe(true)
  })

  test('a lock that knows only its own holders', async () => {
    expect(await rejects(async () => webLocks(fakeLocks()))).toBe(true)
  })

  test('a lock that is never free again', async () => {
    const held = new Set<string>()
    const acquire = async (name: string) => {
      if (held.has(name)) return undefined
      held.add(name)
      return () => {}
    }
    expect(await rejects(async () => ({ acquire }))).toBe(true)
  })

  test('a lock with one name for all', async () => {
    let held = false
    const acquire = async () => {
      if (held) return undefined
      held = true
      return () => {
        held = false
      }
    }
    expect(await rejects(async () => ({ acquire }))).toBe(true)
  })
})
