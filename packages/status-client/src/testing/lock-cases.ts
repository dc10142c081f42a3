import { type ComplianceCase, check } from '@status-stack/interface/testing'
import type { AccountLock } from '../ports.ts'

export type { ComplianceCase } from '@status-stack/interface/testing'

/**
 * The contract of `AccountLock`. `create` gives a lock of the same domain each time: what one holds, another can't have.
 *
 * @example
 * ```ts
 * for (const { name, run } of accountLockCases(async () => webLocks(navigator.locks))) test(name, run)
 * ```
 */
export function accountLockCases(create: () => Promise<AccountLock>): readonly ComplianceCase[] {
  let counter = 0
  const name = (): string => {
    counter += 1
    return `account ${counter} ${Math.random()}`
  }
  return [
    {
      name: 'a free name is given',
      run: async () => {
        const release = await (await create()).acquire(name())
        check(release !== undefined, 'a free name was refused')
        await release?.()
      }
    },
    {
      name: 'a held name is refused, by the same lock and by another, without waiting',
      run: async () => {
        const [first, second, account] = [await create(), await create(), name()]
        const release = await first.acquire(account)
        check((await first.acquire(account)) === undefined, 'the same lock gave a held name')
        check((await second.acquire(account)) === undefined, 'another lock gave a held name')
        await release?.()
      }
    },
    {
      name: 'a released name is given again, and releasing twice frees no other',
      run: async () => {
        const [lock, account] = [await create(), name()]
        const release = await lock.acquire(account)
        await release?.()
        const again = await lock.acquire(account)
        check(again !== undefined, 'a released name was refused')
        await release?.()
        check((await lock.acquire(account)) === undefined, 'an old release freed a name that another holds')
        await again?.()
      }
    },
    {
      name: 'names are apart',
      run: async () => {
        const lock = await create()
        const one = await lock.acquire(name())
        const two = await lock.acquire(name())
        check(one !== undefined && two !== undefined, 'one name kept another from being given')
        await one?.()
        await two?.()
      }
    }
  ]
}
