import { generatePrivateKey } from '@status-stack/crypto'
import { createIdentityKey } from '@status-stack/status-accounts'
import { type Client, createClient } from '@status-stack/status-client'
import { linkPair } from '@status-stack/status-client/testing'
import { MemoryLevel } from 'memory-level'
import type { LockManagerLike } from '../../src/platform/tabs.ts'

/** Two messengers with a link between them, and no network. */
export async function twoClients(): Promise<{
  readonly alice: Client
  readonly bob: Client
  stop: () => Promise<void>
}> {
  const open = () =>
    createClient(
      {
        identity: createIdentityKey(generatePrivateKey()),
        database: new MemoryLevel(),
        storageKey: generatePrivateKey()
      },
      { syncTickMs: 20 }
    )
  const [alice, bob] = await Promise.all([open(), open()])
  await Promise.all([alice.start(), bob.start()])
  const { a, b } = linkPair('a'.repeat(64), 'b'.repeat(64))
  for (const [client, link] of [
    [alice, a],
    [bob, b]
  ] as const)
    client.attach(link).catch(() => undefined)
  const alive = setInterval(() => undefined, 1000)
  return {
    alice,
    bob,
    stop: async () => {
      clearInterval(alive)
      await Promise.all([alice.stop(), bob.stop()])
    }
  }
}

/** Waits until something holds; a watchdog ends the test otherwise. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise(resolve => setTimeout(resolve, 10))
}

/** Locks as browsers have them, for one process: given in the order in which they were asked for. */
export function memoryLocks(): LockManagerLike {
  const queues = new Map<string, Promise<unknown>[]>()
  return {
    request: async (name, { ifAvailable, signal }, callback) => {
      const queue = queues.get(name) ?? []
      queues.set(name, queue)
      if (ifAvailable === true && queue.length > 0) return callback(null)
      let done = (): void => {}
      const mine = new Promise<void>(resolve => {
        done = resolve
      })
      const before = [...queue]
      queue.push(mine)
      try {
        await Promise.race([
          Promise.all(before),
          new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
        ])
        return await callback({ name })
      } finally {
        queue.splice(queue.indexOf(mine), 1)
        done()
      }
    }
  }
}
