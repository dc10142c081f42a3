import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { generatePrivateKey, publicKeyOf, randomBytes, utf8Bytes } from '@status-stack/crypto'
import { vectorHex } from '@status-stack/vectors'
import type { EnvelopeMessage, Interest, ReceivedMessage, Route } from '@status-stack/whisper'
import { planInterest, planRoute } from '@status-stack/whisper/status'
import { afterEach, describe, expect, test } from 'vitest'
import { buildGeth, type Implementation, startGeth } from '../support/geth.ts'
import type { GoEvent, GoProgram } from '../support/go-program.ts'
import { holdSession, recordedChat, theirText } from '../support/recorded-session.ts'
import { type Recording, recordingCarrier, replayCarrier } from '../support/recording.ts'
import { type ShhNode, startShhNode } from '../support/shh-node.ts'
import { next, patience, until } from '../support/until.ts'

const built = buildGeth()
if ('missing' in built) console.warn(`interop with go-ethereum and status-go is skipped: ${built.missing}`)
const program = 'program' in built ? built.program : ''

const nodes: { readonly stop: () => Promise<unknown> }[] = []
const start = async (implementation: Implementation): Promise<GoProgram> => {
  const node = await startGeth(program, implementation)
  nodes.push(node)
  return node
}
const ours = async (): Promise<ShhNode> => {
  const node = await startShhNode()
  nodes.push(node)
  return node
}
afterEach(async () => {
  await Promise.all(nodes.splice(0).map(node => node.stop()))
})

const name = 'interop'
const chat = { kind: 'public', name } as const

/** What go-ethereum's default minimum asks for. */
const pow = { target: 0.25, timeSeconds: 10 }

/** So little that the first nonce found does not reach a requirement of 0.5 by luck. */
const tooLittle = { target: 0.00001, timeSeconds: 10 }

async function listen(node: ShhNode, interest: Interest): Promise<AsyncIterator<ReceivedMessage>> {
  const subscription = node.whisper.subscribe(interest)
  await subscription.ready
  return subscription[Symbol.asyncIterator]()
}

const symmetricKeyOf = (route: Route): string => {
  if (route.key.kind !== 'symmetric') throw new Error('a public chat has a symmetric key')
  return vectorHex(route.key.key)
}

/** A message that the Go node opened. */
const opened = (payload: Uint8Array) => (event: GoEvent) =>
  event.event === 'message' && event['payload'] === vectorHex(payload)

const implementations: readonly Implementation[] = ['geth', 'status-go']

describe.skipIf('missing' in built).each(implementations)(
  'a live node of %s',
  { timeout: 4 * patience },
  implementation => {
    const other = () => start(implementation)

    test('relays between two of ours, who dial it', async () => {
      const [go, alice, bob] = await Promise.all([other(), ours(), ours()])
      await Promise.all([alice.host.dial(go.enode), bob.host.dial(go.enode)])
      await until('both Whisper handshakes', () => alice.whisper.connected() && bob.whisper.connected())
      const heard = await listen(bob, await planInterest(bob.identity, chat))
      const payload = utf8Bytes('through geth')
      const posted = await alice.whisper.post({
        route: await planRoute(chat),
        payload,
        signer: alice.identity,
        pow,
        ttlSeconds: 30
      })

      const delivery = await next('the message at Bob', heard)
      expect(delivery).toMatchObject({ payload, signer: alice.identity.publicKey, hash: posted.hash })
      const pooled = await go.event(
        'the envelope in its pool',
        event => event.event === 'pooled' && event['hash'] === vectorHex(posted.hash)
      )
      expect(pooled).toMatchObject({ topic: vectorHex((await planRoute(chat)).topic) })
    })

    test('is relayed by ours to another one, which it dials itself', async () => {
      const [first, second, relay] = await Promise.all([other(), other(), ours()])
      for (const go of [first, second]) go.tell({ do: 'dial', enode: relay.enode() })
      await until('both Whisper handshakes', () => relay.whisper.peers().length === 2)
      const route = await planRoute(chat)
      const [symKey, topic] = [symmetricKeyOf(route), vectorHex(route.topic)]
      const signer = generatePrivateKey({ bytes: randomBytes })
      const payload = utf8Bytes('between two geth nodes')
      second.tell({ do: 'listen', symKey, topic })
      first.tell({ do: 'post', symKey, topic, payload: vectorHex(payload), key: vectorHex(signer), ttl: 30, pow: 0.25 })

      const message = await second.event('the message', opened(payload))
      const posted = await first.event('the post', event => event.event === 'posted')
      expect(message).toMatchObject({ hash: posted['hash'], signer: vectorHex(publicKeyOf(signer)) })
    })

    test('opens what we seal for one identity, and we open what it seals', async () => {
      const [go, alice] = await Promise.all([other(), ours()])
      await alice.host.dial(go.enode)
      await until('the Whisper handshake', () => alice.whisper.connected())
      const key = generatePrivateKey({ bytes: randomBytes })
      const publicKey = publicKeyOf(key)
      const route = await planRoute({ kind: 'identity', publicKey })
      const payload = utf8Bytes('sealed for one')
      go.tell({ do: 'listen', key: vectorHex(key), topic: vectorHex(route.topic) })
      await go.event('the filter', event => event['do'] === 'listen')
      await alice.whisper.post({ route, payload, signer: alice.identity, pow, ttlSeconds: 30 })
      const message = await go.event('the message', opened(payload))
      expect(message).toMatchObject({ signer: vectorHex(alice.identity.publicKey), topic: vectorHex(route.topic) })

      const interest = await planInterest(alice.identity, { kind: 'identity' })
      const heard = await listen(alice, interest)
      const answer = utf8Bytes('sealed for you')
      go.tell({
        do: 'post',
        receiver: vectorHex(alice.identity.publicKey),
        topic: vectorHex(interest.topics[0] as Uint8Array),
        payload: vectorHex(answer),
        key: vectorHex(key),
        ttl: 30,
        pow: 0.25
      })
      expect(await next('the answer', heard)).toMatchObject({
        payload: answer,
        signer: publicKey,
        arrival: { kind: 'identity' }
      })
    })

    test('is sent only what its requirements admit, also after they change', async () => {
      const [go, alice] = await Promise.all([other(), ours()])
      await alice.host.dial(go.enode)
      await until('the Whisper handshake', () => alice.whisper.connected())
      expect(alice.whisper.peers()).toMatchObject([
        { fullNode: true, light: false, confirmations: implementation === 'status-go', minPow: 0.2 }
      ])

      go.tell({ do: 'bloom', bloom: `0x${'00'.repeat(64)}` })
      go.tell({ do: 'pow', pow: 0.5 })
      await until('its new requirements', () => alice.whisper.peers()[0]?.minPow === 0.5)
      await until('its new filter', () => alice.whisper.peers()[0]?.fullNode === false)
      const route = await planRoute(chat)
      const strong = { target: 1, timeSeconds: 10 }
      const refused = await alice.whisper.post({
        route,
        payload: utf8Bytes('unwanted topic'),
        pow: strong,
        ttlSeconds: 30
      })
      expect(refused.sentTo).toEqual([])

      go.tell({ do: 'bloom', bloom: `0x${'ff'.repeat(64)}` })
      await until('its filter open again', () => alice.whisper.peers()[0]?.fullNode === true)
      const weak = await alice.whisper.post({
        route,
        payload: utf8Bytes('too little work'),
        pow: tooLittle,
        ttlSeconds: 30
      })
      const wanted = await alice.whisper.post({ route, payload: utf8Bytes('wanted'), pow: strong, ttlSeconds: 30 })
      await go.event('the wanted envelope', event => event['hash'] === vectorHex(wanted.hash))
      expect(go.events.some(event => event['hash'] === vectorHex(weak.hash))).toBe(false)
      expect(alice.whisper.connected()).toBe(true)
    })

    test('agrees with us on the base protocol, and says goodbye when it stops', async () => {
      const [go, alice] = await Promise.all([other(), ours()])
      const peer = await alice.host.dial(go.enode)
      expect(peer).toMatchObject({ protocolVersion: 5, capabilities: [{ name: 'shh', version: 6, offset: 16 }] })
      await until('the Whisper handshake', () => alice.whisper.connected())
      const ended = new Promise<unknown>(resolve => {
        alice.host.on('peerdisconnected', fact => resolve(fact.ending))
      })
      await go.stop()
      expect(await ended).toMatchObject({ by: 'peer', reason: 'client-quitting' })
      expect(alice.whisper.connected()).toBe(false)
    })
  }
)

describe.skipIf('missing' in built)('a live node of go-ethereum', { timeout: 4 * patience }, () => {
  test('has a session with us that can be recorded and played again byte for byte', async () => {
    const go = await start('geth')
    const nowMs = Math.floor(Date.now() / 1000) * 1000
    const { carrier, taken } = recordingCarrier()
    const route = await planRoute(recordedChat)
    const live = await holdSession({ enode: go.enode, nowMs, carrier }, () =>
      go.tell({
        do: 'post',
        symKey: symmetricKeyOf(route),
        topic: vectorHex(route.topic),
        payload: vectorHex(theirText),
        ttl: 30,
        pow: 0.25
      })
    )
    await go.event('our envelope', event => event['hash'] === vectorHex(live.posted.hash))
    const about = 'A session with go-ethereum 1.9.5 over RLPx: Hello, Status, an envelope each way, Disconnect'
    const recording: Recording = { about, enode: go.enode, nowMs, ...taken() }

    const replay = replayCarrier(recording)
    const again = await holdSession({ ...recording, carrier: replay.carrier }, () => undefined)
    expect(replay.sent()).toBe(recording.sent)
    expect(again.heard.hash).toEqual(live.heard.hash)
    expect(again.heard.payload).toEqual(theirText)
    expect(again.posted.hash).toEqual(live.posted.hash)
    // Kept for machines without Go when it is asked for.
    if (process.env['RECORD_INTEROP'] === '1') {
      const file = fileURLToPath(new URL('../../interop/recorded/geth-1.9.5.json', import.meta.url))
      writeFileSync(file, `${JSON.stringify(recording, null, 1)}\n`)
    }
  })
})

describe.skipIf('missing' in built)('a live node of status-go', { timeout: 4 * patience }, () => {
  test('confirms our packets, and we confirm its own, each by the hash of the batch', async () => {
    const [go, alice] = await Promise.all([start('status-go'), ours()])
    await alice.host.dial(go.enode)
    await until('the Whisper handshake', () => alice.whisper.connected())
    const route = await planRoute(chat)
    const posted = await alice.whisper.post({ route, payload: utf8Bytes('confirm me'), pow, ttlSeconds: 30 })
    const confirmation = await next('its confirmation', posted.confirmations[Symbol.asyncIterator]())
    expect(confirmation.by).toBe(go.peerId)

    const payload = utf8Bytes('confirmed by us')
    const [symKey, topic] = [symmetricKeyOf(route), vectorHex(route.topic)]
    go.tell({ do: 'post', symKey, topic, payload: vectorHex(payload), ttl: 30, pow: 0.25 })
    const sent = await go.event('its packet', event => event.event === 'envelope.sent')
    const acknowledged = await go.event('our confirmation', event => event.event === 'batch.acknowleged')
    expect(acknowledged).toMatchObject({ batch: sent['batch'], peer: alice.host.peerId, errors: '[]' })
  })

  test('hands us a message directly once we trust it, and not before', async () => {
    const [go, alice] = await Promise.all([start('status-go'), ours()])
    await alice.host.dial(go.enode)
    await until('the Whisper handshake', () => alice.whisper.connected())
    const route = await planRoute(chat)
    const texts: string[] = []
    const { topics, key } = await planInterest(alice.identity, chat)
    const onMessage = ({ payload }: EnvelopeMessage): void => void texts.push(new TextDecoder().decode(payload))
    alice.whisper.filters.add({ topics, key, allowP2P: true, onMessage })
    const hand = (text: string): void =>
      go.tell({
        do: 'post',
        symKey: symmetricKeyOf(route),
        topic: vectorHex(route.topic),
        payload: vectorHex(utf8Bytes(text)),
        ttl: 30,
        pow: 0.25,
        peer: `0x${alice.host.peerId}`
      })
    hand('from a stranger')
    await go.event('the first to be sent', event => event.event === 'posted')
    // Packets come in order: what was ignored has passed when the next public one arrives.
    go.tell({
      do: 'post',
      symKey: symmetricKeyOf(route),
      topic: vectorHex(route.topic),
      payload: vectorHex(utf8Bytes('for everybody')),
      ttl: 30,
      pow: 0.25
    })
    await until('the public message', () => texts.includes('for everybody'))
    expect(texts).toEqual(['for everybody'])
    alice.whisper.trustPeer(go.peerId)
    hand('from a friend')
    await until('the direct message', () => texts.includes('from a friend'))
    expect(texts).toEqual(['for everybody', 'from a friend'])
  })
})
