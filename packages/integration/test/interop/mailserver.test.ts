import { generatePrivateKey, publicKeyOf, randomBytes, utf8Bytes } from '@status-stack/crypto'
import { createIdentityKey } from '@status-stack/status-accounts'
import { vectorBytes, vectorHex } from '@status-stack/vectors'
import type { Archived } from '@status-stack/whisper'
import {
  encodeEnvelope,
  encodeRequestPayload,
  envelopeHash,
  filterBloom,
  sealMessage,
  symmetricKeyFromPassword
} from '@status-stack/whisper/wire'
import {
  createMailserver,
  type EnvelopeStore,
  type MailserverOptions,
  memoryEnvelopeStore
} from '@status-stack/whisper-mailserver'
import { afterEach, describe, expect, test } from 'vitest'
import { buildGeth, startGeth } from '../support/geth.ts'
import type { GoEvent, GoProgram } from '../support/go-program.ts'
import { startShhNode } from '../support/shh-node.ts'
import { patience, until } from '../support/until.ts'

const built = buildGeth()
if ('missing' in built) console.warn(`interop of mailservers with status-go is skipped: ${built.missing}`)
const program = 'program' in built ? built.program : ''

const running: { readonly stop: () => Promise<unknown> }[] = []
afterEach(async () => {
  for (const each of running.splice(0).reverse()) await each.stop()
})

const topic = Uint8Array.of(0xca, 0xfe, 0xba, 0xbe)
const symmetric = new Uint8Array(32).fill(7)
const symKey = vectorHex(symmetric)
const identityKey = generatePrivateKey({ bytes: randomBytes })
/** An hour ago: nothing of it is in any pool. */
const from = Math.floor(Date.now() / 1000) - 3600
const range = { from, to: from + 100, limit: 3 }

function archived(number: number): Archived {
  const data = sealMessage(
    { payload: utf8Bytes(`message ${number}`), key: { kind: 'symmetric', key: symmetric } },
    { bytes: randomBytes }
  )
  const expirySeconds = from + number + 10
  const bytes = encodeEnvelope({ expiry: expirySeconds, ttl: 10, topic, data, nonce: 0n })
  return { bytes, hash: envelopeHash(bytes), topic, sentSeconds: from + number, expirySeconds }
}

/** Our node with a mailserver, a store with seven messages in it, and status-go's node connected to it. */
async function connected(options: MailserverOptions = {}, store: EnvelopeStore = memoryEnvelopeStore()) {
  const node = await startShhNode()
  running.push(node)
  const mailserver = createMailserver({ store, identity: createIdentityKey(identityKey) }, options)
  running.push(mailserver)
  await mailserver.start()
  node.whisper.serve(mailserver.port)
  const stored = Array.from({ length: 7 }, (_, i) => archived(i))
  await store.put(stored)
  const go = await startGeth(program, 'status-go')
  running.push(go)
  go.tell({ do: 'dial', enode: node.enode() })
  await until('both ends of the link', () => node.whisper.connected() && go.events.some(({ event }) => event === 'add'))
  go.tell({ do: 'listen', symKey, topic: vectorHex(topic) })
  await go.event('the filter', ({ event, do: what }) => event === 'done' && what === 'listen')
  return { go, stored, peer: `0x${node.host.peerId}` }
}

interface Answer {
  readonly cursor: string
  readonly last?: string
  readonly reason?: string
}

/** What status-go made of packet 125, or of the last packet 124. */
async function answer(go: GoProgram, kind: string, about: (event: GoEvent) => boolean = () => true): Promise<Answer> {
  const event = await go.event(kind, each => each.event === kind && about(each))
  return event['answer'] as Answer
}

/** Payloads that its filter opened, in the order they came. */
function payloads(go: GoProgram): unknown[] {
  return go.events.filter(({ event }) => event === 'message').map(({ payload }) => payload)
}

const texts = (...numbers: readonly number[]) => numbers.map(number => vectorHex(utf8Bytes(`message ${number}`)))
const all = texts(0, 1, 2, 3, 4, 5, 6)

/** Asks by `request`, page after page, until there is no cursor. */
async function pages(go: GoProgram, command: Readonly<Record<string, unknown>>, batch: boolean): Promise<number> {
  let cursor = new Uint8Array(0)
  for (let page = 1; ; page++) {
    const payload = encodeRequestPayload({
      lower: range.from,
      upper: range.to,
      bloom: filterBloom([topic]),
      limit: range.limit,
      cursor,
      batch
    })
    const before = go.events.length
    go.tell({ do: 'request', payload: vectorHex(payload), key: vectorHex(identityKey), pow: 0.002, ...command })
    const requested = await go.event(
      'a request',
      event => event.event === 'requested' && go.events.indexOf(event) >= before
    )
    const { cursor: next, reason } = await answer(
      go,
      'mailserver.request.completed',
      ({ hash }) => hash === requested['id']
    )
    expect(reason).toBeUndefined()
    if (next === '0x') return page
    cursor = new Uint8Array(vectorBytes(next))
  }
}

describe.skipIf('missing' in built)("our mailserver and status-go's Whisper", { timeout: 4 * patience }, () => {
  test('answers requests sealed with the password, in lists and one by one, page by page', async () => {
    const { go, peer } = await connected()
    const password = vectorHex(await symmetricKeyFromPassword('status-offline-inbox'))
    expect(await pages(go, { peer, symKey: password }, true)).toBe(3)
    await until('all messages', () => payloads(go).length >= 7)
    expect(payloads(go).sort()).toEqual(all)
    await pages(go, { peer, symKey: password }, false)
    await until('all messages again', () => payloads(go).length >= 14)
    expect(payloads(go)).toHaveLength(14)
  })

  test('answers requests sealed to its key, and tells what is wrong with one', async () => {
    const { go, peer } = await connected({ password: false })
    expect(await pages(go, { peer, receiver: vectorHex(publicKeyOf(identityKey)) }, true)).toBe(3)
    await until('all messages', () => payloads(go).length >= 7)
    expect(payloads(go).sort()).toEqual(all)
    const password = vectorHex(await symmetricKeyFromPassword('status-offline-inbox'))
    go.tell({ do: 'request', payload: '0xc0', symKey: password, key: vectorHex(identityKey), pow: 0.002, peer })
    const refused = await answer(
      go,
      'mailserver.request.completed',
      ({ answer: given }) => (given as Answer).reason !== undefined
    )
    expect(refused.reason).toBe('failed to decrypt p2p request')
  })

  test('answers the plain form as status-go encodes it', async () => {
    const { go, peer, stored } = await connected()
    const id = vectorHex(new Uint8Array(32).fill(0xab))
    go.tell({ do: 'ask', id, ...range, limit: 1000, bloom: vectorHex(filterBloom([topic])), peer })
    const { cursor, last } = await answer(go, 'mailserver.request.completed', ({ hash }) => hash === id)
    expect(cursor).toBe('0x')
    expect(last).toBe(vectorHex(stored.at(-1)?.hash ?? topic))
    await until('all messages', () => payloads(go).length >= 7)
    expect(payloads(go).sort()).toEqual(all)
  })

  test('gives another mailserver its archive, page by page', async () => {
    const { go, peer, stored } = await connected()
    const kept = () => go.events.filter(({ event }) => event === 'archived').map(({ hash }) => hash)
    let cursor = '0x'
    for (let page = 1; page <= 3; page++) {
      const before = go.events.length
      go.tell({ do: 'sync', ...range, bloom: vectorHex(new Uint8Array(64).fill(0xff)), cursor, peer })
      const finished = await answer(go, 'mailserver.sync.finished', event => go.events.indexOf(event) >= before)
      expect(finished.reason).toBe('')
      cursor = finished.cursor
      expect(cursor === '0x').toBe(page === 3)
    }
    await until('the last envelope', () => kept().length >= 7)
    expect(kept()).toEqual(stored.map(({ hash }) => vectorHex(hash)))
  })
})
