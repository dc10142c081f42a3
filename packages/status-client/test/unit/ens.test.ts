import { expect, test } from 'vitest'
import { limits } from '../../src/limits.ts'
import { createEnsNames } from '../../src/people/ens.ts'
import { inside, somebody } from '../support/core.ts'
import { until } from '../support/world.ts'

/** Checks of names by a resolver that answers when the test says so. */
async function checking() {
  const { core, forward } = await inside()
  const asked: { readonly name: string; readonly answer: (key: Uint8Array | Error | undefined) => void }[] = []
  const stop = new AbortController()
  const names = createEnsNames(
    { ...core, stopping: stop.signal },
    {
      publicKeyOf: name =>
        new Promise((resolve, reject) =>
          asked.push({ name, answer: key => (key instanceof Error ? reject(key) : resolve(key)) })
        )
    }
  )
  const store = async (person: Uint8Array, ensName: string, added = false): Promise<void> => {
    const unit = core.store.unit()
    core.chatCache.putContact(unit, { ...core.chatCache.contact(person), ensName, ensVerified: false, added })
    await unit.commit()
  }
  return {
    core,
    forward,
    names,
    store,
    stop: () => stop.abort(),
    claim: async (person: Uint8Array, ensName: string, added = false): Promise<void> => {
      await store(person, ensName, added)
      names.claimed(person)
    },
    asked: () => asked.map(({ name }) => name),
    answer: async (name: string, key?: Uint8Array | Error): Promise<void> => {
      asked.find(one => one.name === name)?.answer(key)
      // The answer is stored, and what waits behind it begins.
      for (let turn = 0; turn < 5; turn += 1) await new Promise(resolve => setImmediate(resolve))
    }
  }
}

test('a flood of strangers leaves checks to people we know, who are asked about before all of them', async () => {
  const { claim, asked, answer } = await checking()
  for (let at = 0; at < 20; at += 1) await claim(somebody(), `stranger-${at}.eth`)
  expect(asked()).toEqual(['stranger-0.eth', 'stranger-1.eth'])
  for (const name of ['one', 'two', 'three']) await claim(somebody(), `${name}.eth`, true)
  expect(asked().slice(2)).toEqual(['one.eth', 'two.eth'])
  expect(asked()).toHaveLength(limits.ensChecksAtOnce)
  await answer('stranger-0.eth')
  expect(asked().slice(4)).toEqual(['three.eth'])
  await answer('stranger-1.eth')
  expect(asked().slice(5)).toEqual(['stranger-2.eth'])
})

test('strangers who wait are bounded: those who have waited for longest make room, people we know do not', async () => {
  const { claim, asked, answer } = await checking()
  for (const name of ['one', 'two']) await claim(somebody(), `${name}.eth`)
  for (let at = 0; at < 5; at += 1) await claim(somebody(), `friend-${at}.eth`, true)
  for (let at = 0; at <= limits.ensStrangersWaiting; at += 1) await claim(somebody(), `stranger-${at}.eth`)
  const friends = asked().filter(name => name.startsWith('friend'))
  for (const name of friends) await answer(name)
  await answer('one.eth')
  await until('all friends', () => asked().filter(name => name.startsWith('friend')).length === 5)
  for (const name of asked().slice()) await answer(name)
  expect(asked()).not.toContain('stranger-0.eth')
  expect(asked()).toContain('stranger-1.eth')
})

test('somebody who claims one name after the other has one check at a time, and a stranger a pause after each', async () => {
  const { claim, asked, answer, forward, names } = await checking()
  const [stranger, friend] = [somebody(), somebody()]
  for (const [person, added] of [
    [stranger, false],
    [friend, true]
  ] as const) {
    for (let at = 0; at < 10; at += 1) await claim(person, `${added}-${at}.eth`, added)
  }
  expect(asked()).toEqual(['false-0.eth', 'true-0.eth'])
  await answer('false-0.eth')
  await answer('true-0.eth')
  expect(asked().slice(2)).toEqual(['true-9.eth'])
  forward(limits.ensStrangerPauseMs - 1)
  names.tick()
  expect(asked()).toHaveLength(3)
  forward(1)
  names.tick()
  expect(asked().slice(3)).toEqual(['false-9.eth'])
})

test('what was claimed and not checked before a stop is checked after the next start, of people we know', async () => {
  const { core, store, names, asked, answer } = await checking()
  const friend = somebody()
  await store(friend, 'friend.eth', true)
  await store(somebody(), 'stranger.eth')
  await store(somebody(), 'friend.com', true)
  names.start()
  expect(asked()).toEqual(['friend.eth'])
  await answer('friend.eth', friend)
  expect(core.chatCache.contact(friend).ensVerified).toBe(true)
  names.start()
  names.claimed(friend)
  expect(asked()).toHaveLength(1)
})

test('a resolver that was away is asked again, also once the clock was set back; nothing begins after the stop', async () => {
  const { claim, asked, answer, forward, names, stop } = await checking()
  await claim(somebody(), 'friend.eth', true)
  await answer('friend.eth', new Error('away'))
  names.tick()
  expect(asked()).toHaveLength(1)
  forward(-86_400_000)
  names.tick()
  forward(60_000)
  names.tick()
  expect(asked()).toHaveLength(2)
  stop()
  await claim(somebody(), 'late.eth', true)
  names.tick()
  expect(asked()).toHaveLength(2)
})

test('an answer to a name that was given up meanwhile says nothing about the new one', async () => {
  const { core, claim, answer } = await checking()
  const friend = somebody()
  await claim(friend, 'old.eth', true)
  await claim(friend, 'new.eth', true)
  await answer('old.eth', friend)
  expect(core.chatCache.contact(friend)).toMatchObject({ ensName: 'new.eth', ensVerified: false })
  await answer('new.eth', friend)
  expect(core.chatCache.contact(friend)).toMatchObject({ ensName: 'new.eth', ensVerified: true })
})
