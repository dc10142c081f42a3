import { createVirtualTime } from '@status-stack/interface/testing'
import { expect, test } from 'vitest'
import { keepInStep, syncAgainMs } from '../../src/archive-sync.ts'

const source = 'a'.repeat(64)
const enode = 'enode://source'

/** Syncs with one source, which fail as long as the test says. */
function start() {
  const { scheduler, advance, settle, pendingTimers } = createVirtualTime()
  const end = new AbortController()
  const connected = new Set<string>()
  const state = { fails: true }
  const syncs: number[] = []
  const facts: string[] = []
  let tell: (peer: { readonly peerId: string }) => void = () => undefined
  const whisper = {
    mailserver: {} as never,
    on: ((_name: string, listener: typeof tell) => {
      tell = listener
      return () => {
        tell = () => undefined
      }
    }) as never,
    peers: () => [...connected].map(peerId => ({ peerId })) as never
  }
  const mailserver = {
    sync: async (_client: unknown, _source: string, { fromSeconds }: { readonly fromSeconds: number }) => {
      syncs.push(fromSeconds)
      if (state.fails) throw new Error('no')
      return { envelopes: 1, pages: 1 }
    }
  }
  const done = keepInStep(
    { mailserver, host: { addStatic: () => undefined }, whisper, scheduler },
    [{ peerId: source, enode, fromSeconds: 5 }],
    { emit: name => void facts.push(name) },
    end.signal
  )
  const connect = async (peerId: string): Promise<void> => {
    connected.add(peerId)
    tell({ peerId })
    await settle()
  }
  return { advance, settle, pendingTimers, end, done, connect, connected, state, syncs, facts }
}

test('a sync that failed is tried again while its source stays, from where it began', async () => {
  const { advance, connect, state, syncs, facts, pendingTimers, end, done } = start()
  await connect('b'.repeat(64))
  expect(syncs).toEqual([])
  await connect(source)
  expect(facts).toEqual(['archivesyncstarted', 'archivesyncfailed'])
  await advance(syncAgainMs - 1)
  expect(syncs).toEqual([5])
  state.fails = false
  await advance(1)
  expect(syncs).toEqual([5, 5])
  expect(facts.slice(2)).toEqual(['archivesyncstarted', 'archivesyncdone'])
  expect(pendingTimers()).toBe(0)
  end.abort()
  await done
})

test('a source that is away is waited for, and one that comes back often has one attempt that waits', async () => {
  const { advance, connect, connected, syncs, pendingTimers, end, done } = start()
  for (let times = 1; times <= 3; times++) {
    await connect(source)
    expect([syncs.length, pendingTimers()]).toEqual([times, 1])
  }
  connected.delete(source)
  await advance(2 * syncAgainMs)
  expect([syncs.length, pendingTimers()]).toEqual([3, 0])
  await connect(source)
  end.abort()
  await done
  expect(pendingTimers()).toBe(0)
  await advance(2 * syncAgainMs)
  expect(syncs).toHaveLength(4)
})
