import type { ClientEvents } from '@status-stack/status-client'
import { expect, test } from 'vitest'
import { whenMailserver } from '../../src/mailserver-wait.ts'

/** Connections that a test makes and refuses. */
function createConnections() {
  const attached = new Set<string>()
  const unreachable = new Set<string>()
  const dials = new Set<() => void>()
  let heard: (fact: ClientEvents['peer']) => void = () => undefined
  return {
    connections: {
      client: {
        peers: () => [...attached].map(peerId => ({ peerId })),
        on: (_: string, handler: (fact: never) => void) => {
          heard = handler as typeof heard
          return () => {
            heard = () => undefined
          }
        }
      },
      host: {
        on: (_: 'dialfailed', handler: () => void) => {
          dials.add(handler)
          return () => void dials.delete(handler)
        }
      },
      mailservers: [{ peerId: 'best' }, { peerId: 'other' }],
      unreachable
    },
    connect: (peerId: string) => {
      attached.add(peerId)
      heard({ peer: { peerId }, state: 'connected' })
    },
    refuse: (peerId: string) => {
      // The listener that keeps what is unreachable may come later.
      for (const handler of dials) handler()
      unreachable.add(peerId)
    }
  }
}

const { signal } = new AbortController()
// Longer than any test may take.
const forEver = { timeoutMs: 2 ** 30, signal }

test('a worse mailserver will do only once the better one has refused', async () => {
  const { connections, connect, refuse } = createConnections()
  let answer: boolean | undefined
  const waiting = whenMailserver(connections, forEver).then(found => {
    answer = found
  })
  connect('other')
  await new Promise(resolve => setImmediate(resolve))
  expect(answer).toBeUndefined()
  refuse('best')
  await waiting
  expect(answer).toBe(true)
})

test('the best one is enough, and a peer that is no mailserver is none', async () => {
  const { connections, connect } = createConnections()
  const waiting = whenMailserver(connections, forEver)
  connect('somebody')
  connect('best')
  expect(await waiting).toBe(true)
})

test('at the end of the time whichever is connected will do', async () => {
  const { connections, connect } = createConnections()
  expect(await whenMailserver(connections, { timeoutMs: 1, signal })).toBe(false)
  connect('other')
  expect(await whenMailserver(connections, { timeoutMs: 1, signal })).toBe(true)
})
