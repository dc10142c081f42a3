import { expect, test } from 'vitest'
import { joinReceiving } from '../../src/composition/join-receiving.ts'
import { ClientError, callerError } from '../../src/errors.ts'
import { limits } from '../../src/limits.ts'
import { createHistory, type History } from '../../src/listening/history.ts'
import { inside } from '../support/core.ts'
import { liveOf } from '../support/inbound.ts'

const place = 'public:room'
const server = 'a'.repeat(64)

/** The history of one place over a server whose answers the test gives, and the ranges that it was asked for. */
async function ofOnePlace() {
  const { core, forward } = await inside({ mailservers: [server], historyOverlapSeconds: 0 })
  const asked: { fromSeconds: number; toSeconds: number }[] = []
  let answer: () => void = () => {}
  let stored = true
  const history: History<string> = createHistory<string>(core, {
    connected: () => true,
    interests: () => [{ place, interest: 'room' }],
    deliver: async () => stored,
    page: async (_server, { fromSeconds, toSeconds }) => {
      asked.push({ fromSeconds, toSeconds })
      answer()
      return {
        deliveries: [
          {
            payload: new Uint8Array(1),
            sentSeconds: toSeconds,
            hash: Uint8Array.of(asked.length),
            arrival: { kind: 'public', name: 'room' },
            guarantee: 'group-readable',
            source: { mailserver: server }
          }
        ]
      }
    }
  })
  const seconds = (): number => Math.floor(core.clock.nowMs() / 1000)
  return {
    core,
    history,
    seconds,
    pass: (s: number) => forward(1000 * s),
    /** The begin of what is missing now: that of the next request. */
    missingFrom: async (): Promise<number> => {
      await history.fetch({})
      return asked.at(-1)?.fromSeconds ?? 0
    },
    during: (what: () => void) => {
      answer = what
    },
    storing: (works: boolean) => {
      stored = works
    }
  }
}

test('a range that begins behind what is missing leaves the gap open', async () => {
  const { history, seconds, pass, missingFrom } = await ofOnePlace()
  await history.fetch({})
  const fetched = seconds() + 1
  pass(36_000)
  await history.fetch({ fromSeconds: seconds() - 600 })
  expect(await missingFrom()).toBe(fetched)
})

test('of a place of which nothing was fetched a part says nothing about the rest', async () => {
  const { core, history, seconds, missingFrom } = await ofOnePlace()
  await history.fetch({ fromSeconds: seconds() - 600 })
  expect(await missingFrom()).toBe(seconds() + 1 - core.options.historySeconds)
})

test('ranges that meet are one, and a gap older than what is asked for is given up', async () => {
  const { core, history, seconds, pass, missingFrom } = await ofOnePlace()
  await history.fetch({})
  pass(3600)
  await history.fetch({ fromSeconds: seconds() - 7200, toSeconds: seconds() - 60 })
  expect(await missingFrom()).toBe(seconds() - 60)
  pass(2 * core.options.historySeconds)
  const fetched = seconds() + 1
  await history.fetch({})
  pass(60)
  expect(await missingFrom()).toBe(fetched)
})

test('what was listened to is not asked for again', async () => {
  const { history, seconds, pass, missingFrom } = await ofOnePlace()
  await history.fetch({})
  pass(36_000)
  await history.listened()
  expect(await missingFrom()).toBe(seconds())
})

test('a time without a link is asked for, also when nothing could be fetched once there was one again', async () => {
  const { history, seconds, pass, missingFrom } = await ofOnePlace()
  await history.fetch({})
  pass(600)
  const offline = seconds()
  await history.listened()
  // Nobody is there for an hour; then relays are, and no server.
  pass(36_000)
  await history.listened()
  expect(await missingFrom()).toBe(offline)
})

test('a range of the past does not count as what is listened to since', async () => {
  const { history, seconds, pass, missingFrom } = await ofOnePlace()
  const until = seconds() - 3600
  await history.fetch({ toSeconds: until })
  pass(600)
  await history.listened()
  expect(await missingFrom()).toBe(until)
})

test('what is missed while it is listened to is asked for, of that place or of all', async () => {
  for (const where of [place, undefined]) {
    const { history, seconds, pass, missingFrom } = await ofOnePlace()
    await history.fetch({})
    const fetched = seconds() + 1
    pass(600)
    history.missed(where)
    pass(600)
    await history.listened()
    expect(await missingFrom(), where).toBe(fetched)
  }
})

test('what is missed elsewhere changes nothing', async () => {
  const { history, seconds, pass, missingFrom } = await ofOnePlace()
  await history.fetch({})
  pass(600)
  history.missed('public:other')
  await history.listened()
  expect(await missingFrom()).toBe(seconds())
})

test('what is missed while a range is fetched is asked for', async () => {
  const { history, seconds, pass, missingFrom, during } = await ofOnePlace()
  during(() => history.missed(place))
  await history.fetch({})
  during(() => {})
  const fetched = seconds() + 1
  pass(600)
  await history.listened()
  expect(await missingFrom()).toBe(fetched)
})

test('a range whose messages could not be stored is asked for again', async () => {
  const { core, history, seconds, pass, missingFrom, storing } = await ofOnePlace()
  storing(false)
  await history.fetch({})
  storing(true)
  pass(60)
  expect(await missingFrom()).toBe(seconds() + 1 - core.options.historySeconds)
})

/** The way in over a security layer that opens nothing, and the places where something was missed. */
async function receiving(open: () => Promise<never>) {
  const { core, groups } = await inside()
  const missed: (string | undefined)[] = []
  const { deliver, enqueue, inbound } = joinReceiving(core, {
    sealer: { open } as unknown as Parameters<typeof joinReceiving>[1]['sealer'],
    sync: {} as Parameters<typeof joinReceiving>[1]['sync'],
    sessionEffects: { apply: async () => {}, tick: async () => {} },
    groups,
    listenTargets: { chatChanged: async () => {}, contactChanged: async () => {}, groupOf: () => undefined },
    ens: { claimed: () => {} },
    history: { missed: where => missed.push(where) },
    sampleClock: () => {}
  })
  return { deliver, enqueue, idle: inbound.idle, missed }
}

const full = new ClientError('disk-full', 'store: the disk is full', { origin: 'environment' })

test('what a full disk keeps from being stored is missed, live or from an archive; what can never be handled is not', async () => {
  const onFullDisk = await receiving(() => Promise.reject(full))
  await onFullDisk.enqueue(liveOf('alice', Uint8Array.of(1), 'room'))
  await onFullDisk.enqueue(liveOf('alice', Uint8Array.of(1)))
  await onFullDisk.idle()
  expect(onFullDisk.missed.sort()).toEqual(['identity', place])
  expect(await onFullDisk.deliver(liveOf('alice', Uint8Array.of(1), 'room'))).toBe(false)
  const { enqueue, deliver, idle, missed } = await receiving(() => Promise.reject(callerError('invalid-argument', 'x')))
  await enqueue(liveOf('alice', Uint8Array.of(1), 'room'))
  await idle()
  expect(missed).toEqual([])
  expect(await deliver(liveOf('alice', Uint8Array.of(1), 'room'))).toBe(true)
})

test('what strangers send while their lane is full is missed', async () => {
  let go: () => void = () => {}
  const busy = new Promise<never>((_, reject) => {
    go = () => reject(callerError('invalid-argument', 'x'))
  })
  const { enqueue, idle, missed } = await receiving(() => busy)
  for (let index = 0; index <= limits.inboundLaneItems; index += 1) await enqueue(liveOf('alice', Uint8Array.of(1)))
  expect(missed).toEqual(['identity'])
  go()
  await idle()
})
