import type { Audience, Destination, Effect, PostedMessage, SealResult } from '@status-stack/interface'
import { expect, test } from 'vitest'
import { createPoster, type PosterPorts } from '../../src/sending/post.ts'
import { blankContact } from '../../src/storage/chat-cache.ts'
import type { LedgerRecord } from '../../src/storage/records.ts'
import { inside, somebody } from '../support/core.ts'

const id = `0x${'1'.repeat(64)}`
const friend = somebody()
const toFriend: Audience = { kind: 'identity', publicKey: friend, reach: 'known-devices' }
const toRoom: Audience = { kind: 'public', name: 'test' }
const body = Uint8Array.of(1, 2, 3)
const about = { ids: [id] }
const hash = new Uint8Array(32).fill(7)

interface Below {
  readonly connected: boolean
  readonly sealed: SealResult
  readonly guarantee: 'addressee-confidential' | 'group-readable'
  readonly failure: unknown
  /** Peers that confirm the envelope before it is gone. */
  readonly confirmedBy: readonly string[]
  readonly isMailserver: boolean
  readonly observe: PosterPorts<Destination>['observe']
}

const sealedAs = (protection: 'forward-secret' | 'static-key' | 'none', more: object = {}): SealResult => ({
  kind: 'sealed',
  bytes: Uint8Array.of(9),
  protection,
  effects: [],
  ...more
})

/** A poster over layers that note in order what they are told, with the ledger of one message to a friend. */
async function posting(below: Partial<Below> = {}) {
  const { core, heard } = await inside()
  const state: Below = {
    connected: true,
    sealed: sealedAs('forward-secret'),
    guarantee: 'addressee-confidential',
    failure: undefined,
    confirmedBy: [],
    isMailserver: false,
    observe: undefined,
    ...below
  }
  const log: string[] = []
  const applied: Effect[] = []
  const routes: unknown[] = []
  const payloads: object[] = []
  const sealer = (name: string): PosterPorts<Destination>['sealer'] => ({
    seal: async () => {
      log.push(name)
      return state.sealed
    },
    maxPlaintext: async limit => limit - (name === 'pfs' ? 10 : 0)
  })
  const posted: PostedMessage = {
    hash,
    expiry: 5,
    sentTo: ['peer'],
    confirmations: (async function* () {
      for (const by of state.confirmedBy) yield { by }
    })()
  }
  const poster = createPoster<Destination>(core, {
    privacy: {
      connected: () => state.connected,
      payloadLimit: () => 100,
      guaranteeOf: () => state.guarantee,
      planRoute: async (to, hints) => {
        log.push('route')
        routes.push([to, hints])
        return to
      },
      post: async message => {
        // As it is on the disk: what is asked of the ledger itself stores what is ahead of it.
        const ledger = await core.store.get<LedgerRecord>(core.keys.ledger(id))
        log.push(`post ${ledger?.legs.map(({ sealed }) => sealed)}`)
        payloads.push(message)
        if (state.failure !== undefined) throw state.failure
        return posted
      }
    },
    sealer: sealer('pfs'),
    nullSealer: sealer('null'),
    applyEffects: async effects => {
      log.push('effects')
      applied.push(...effects)
    },
    isMailserver: () => state.isMailserver,
    observe: state.observe
  })
  const unit = core.store.unit()
  core.deliveries.open(unit, { messageId: id, chat: { kind: 'public', name: 'test' }, queuedMs: 1, ends: true }, [
    friend,
    undefined
  ])
  await unit.commit()
  const legs = async () => {
    await core.background.idle()
    return (await core.deliveries.read(id))?.legs ?? []
  }
  const contact = async (more: object): Promise<void> => {
    const change = core.store.unit()
    core.chatCache.putContact(change, { ...blankContact(friend), ...more })
    await change.commit()
  }
  return { core, heard, poster, log, applied, routes, payloads, legs, contact, state, posted }
}

test('a message is sealed, its effects are applied, its way is planned, and then it is posted, signed by us', async () => {
  const secret = new Uint8Array(32).fill(1)
  const effect: Effect = { kind: 'rendezvous', peer: friend, secret }
  const sealed = sealedAs('forward-secret', { rendezvous: secret, effects: [effect] })
  const { poster, log, applied, routes, payloads, core, posted } = await posting({ sealed })
  const { signal } = new AbortController()
  const outcome = await poster.post(toFriend, body, { ...about, signal })
  expect(outcome).toMatchObject({ kind: 'sent', posted })
  expect(log.map(step => step.split(' ')[0])).toEqual(['pfs', 'effects', 'route', 'post'])
  expect(applied).toEqual([effect])
  expect(routes).toEqual([[{ kind: 'identity', publicKey: friend }, { rendezvous: secret }]])
  expect(payloads).toEqual([
    { route: { kind: 'identity', publicKey: friend }, payload: Uint8Array.of(9), signer: core.identity, signal }
  ])
})

test('without an agreed secret and without a signal, the layers below are given neither', async () => {
  const { poster, routes, payloads } = await posting()
  await poster.post(toFriend, body, about)
  expect(routes).toStrictEqual([[{ kind: 'identity', publicKey: friend }, {}]])
  expect(payloads.map(message => Object.keys(message))).toEqual([['route', 'payload', 'signer']])
})

test('bytes for no device are not posted, and what the security layer asks for is done all the same', async () => {
  const effect: Effect = { kind: 'devices-changed', identity: friend }
  const { poster, log, applied } = await posting({ sealed: { kind: 'nobody', effects: [effect] } })
  expect(await poster.post(toFriend, body, about)).toEqual({ kind: 'nobody', reason: 'nobody' })
  expect([log, applied]).toEqual([['pfs', 'effects'], [effect]])
})

test('offline nothing is sealed, and each message is told so once until there is a link', async () => {
  const { poster, log, legs, heard, state } = await posting({ connected: false })
  const outcome = { kind: 'not-sent', reason: 'offline' }
  for (let each = 0; each < 3; each += 1) expect(await poster.post(toFriend, body, about)).toEqual(outcome)
  expect(log).toEqual([])
  expect(await legs()).toMatchObject([{ state: 'retrying', reason: 'offline', recipient: friend }, { state: 'queued' }])
  const told = () => heard.delivery.filter(({ state: now }) => now === 'retrying').length
  expect(told()).toBe(1)
  Object.assign(state, { connected: true })
  await poster.post(toFriend, body, about)
  Object.assign(state, { connected: false })
  await poster.post(toFriend, body, about)
  await legs()
  expect(told()).toBe(2)
})

test('what the policy for a person forbids is held, and what it would have been sent with is told', async () => {
  const { poster, log, legs, contact } = await posting({ sealed: sealedAs('static-key') })
  await contact({ minimum: 'forward-secret' })
  expect(await poster.post(toFriend, body, about)).toEqual({ kind: 'held', reason: 'policy' })
  expect(log).toEqual(['pfs', 'effects', 'route'])
  expect((await legs())[0]).toMatchObject({ state: 'held', reason: 'policy', protection: 'static-key', attempts: 0 })
})

test('no policy is asked for a public chat, nor for our bundle, which is sealed with PFS on whatever is set for a person', async () => {
  const { poster, log, contact } = await posting({ sealed: sealedAs('none'), guarantee: 'group-readable' })
  await contact({ minimum: 'forward-secret', pfs: 'off' })
  expect((await poster.post(toRoom, body, about)).kind).toBe('sent')
  expect((await poster.advertise(toFriend)).kind).toBe('sent')
  expect(log.filter(step => step === 'null' || step === 'pfs')).toEqual(['pfs', 'pfs'])
})

test('with PFS off for a person their messages pass the security layer by, and their sizes are of that', async () => {
  const { poster, log, contact, legs } = await posting({ sealed: sealedAs('none') })
  await contact({ pfs: 'off' })
  expect((await poster.post(toFriend, body, about)).kind).toBe('sent')
  expect(log[0]).toBe('null')
  expect((await legs())[0]?.protection).toBe('transport-only')
  expect(await poster.maxBytes(toFriend)).toBe(100)
  expect(await poster.maxBytes(toRoom)).toBe(90)
})

test('what is weaker than forward secret is on the disk before it is posted, and nothing waits for the disk else', async () => {
  const weak = await posting({ sealed: sealedAs('static-key') })
  await weak.poster.post(toFriend, body, about)
  expect(weak.log.at(-1)).toBe('post static-key,')
  const { poster, log } = await posting()
  await poster.post(toFriend, body, about)
  const open = await posting({ sealed: sealedAs('none'), guarantee: 'group-readable' })
  await open.poster.post(toRoom, body, about)
  expect([log.at(-1), open.log.at(-1)]).toEqual(['post ,', 'post ,'])
})

test.each([
  [{ code: 'payload-too-large' }, 'too-large'],
  [{ code: 'message-too-large' }, 'too-large'],
  [{ code: 'no-peers' }, 'failed'],
  [{}, 'failed']
] as const)('a post that fails with %j is tried again as %s', async (fields, reason) => {
  const { poster, legs } = await posting({ failure: Object.assign(new Error('no'), fields) })
  expect(await poster.post(toFriend, body, about)).toEqual({ kind: 'not-sent', reason })
  expect((await legs())[0]).toMatchObject({ state: 'retrying', reason, attempts: 0 })
})

test('a post that a stop cuts short is no failure: nothing is noted of it', async () => {
  const { poster, legs } = await posting({ failure: new Error('stopped') })
  const outcome = await poster.post(toFriend, body, { ...about, signal: AbortSignal.abort() })
  expect(outcome).toEqual({ kind: 'not-sent', reason: 'offline' })
  expect((await legs())[0]).toMatchObject({ state: 'sealed' })
})

test('what was posted is noted with its envelope, and so is each peer that confirms it', async () => {
  const { poster, legs } = await posting({ confirmedBy: ['one', 'two'] })
  const outcome = await poster.post(toFriend, body, about)
  if (outcome.kind !== 'sent') throw new Error('not sent')
  expect(await outcome.confirmed).toBe(true)
  const [leg, room] = await legs()
  expect(leg).toMatchObject({ state: 'confirmed', protection: 'forward-secret', attempts: 1 })
  expect(leg?.envelopes).toMatchObject([{ expiry: 5, sentTo: ['peer'], confirmedBy: ['one', 'two'], archivedBy: [] }])
  expect(room).toMatchObject({ state: 'queued' })
})

test('the confirmation of a mailserver says that it holds the envelope', async () => {
  const { poster, legs } = await posting({ confirmedBy: ['server'], isMailserver: true })
  await poster.post(toRoom, body, about)
  await legs()
  expect((await legs())[1]).toMatchObject({
    state: 'archived',
    envelopes: [{ confirmedBy: [], archivedBy: ['server'] }]
  })
})

test('who watches is told what the steps are about, and the steps are taken as they are given back', async () => {
  const subjects: unknown[] = []
  const { poster, payloads } = await posting({
    observe: (steps, subject) => {
      subjects.push(subject)
      return { ...steps, seal: async () => sealedAs('forward-secret', { bytes: Uint8Array.of(8) }) }
    }
  })
  await poster.post(toFriend, body, about)
  expect(subjects).toStrictEqual([{ ids: [id], to: toFriend }])
  expect(payloads).toMatchObject([{ payload: Uint8Array.of(8) }])
})
