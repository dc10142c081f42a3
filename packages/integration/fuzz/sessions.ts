import { concatBytes, utf8Bytes } from '@status-stack/crypto'
import { createLinkPair, createVirtualTime, type VirtualTime } from '@status-stack/interface/testing'
import { createSealer, memorySessionStore } from '@status-stack/status-pfs'
import { createSync, encodePayload, groupId, memorySyncStore } from '@status-stack/status-sync'
import { createWaku } from '@status-stack/waku'
import { encodeStatusOptions } from '@status-stack/waku/wire'
import { createPowSearcher, createWhisper, type Whisper } from '@status-stack/whisper'
import { createSeededRandom } from '@status-stack/whisper/testing'
import {
  encodeEnvelope,
  encodeMessages,
  encodeRequestPayload,
  encodeStatus,
  filterBloom,
  packetCodes,
  sealMessage,
  symmetricKeyFromPassword
} from '@status-stack/whisper/wire'
import { createMailserver, memoryEnvelopeStore } from '@status-stack/whisper-mailserver'
import { createRpc } from '@status-stack/whisper-rpc'
import type { Target } from './engine.ts'
import { messenger } from './messenger.ts'
import { alice, bob, mallory, nowMs } from './people.ts'
import { step, stepsOf } from './scripts.ts'

const password = 'status-offline-inbox'
const topic = Uint8Array.of(1, 2, 3, 4)
const field = (length: number): Uint8Array => new Uint8Array(length).fill(7)

/** What a session must never be: no longer able to do its work for honest people. */
function assertWhole(name: string, isWhole: boolean): void {
  if (!isWhole) throw new Error(`${name}: no longer whole`)
}

const depsOf = (time: VirtualTime, name: string) => ({
  clock: time.clock,
  scheduler: time.scheduler,
  random: createSeededRandom(name),
  pow: createPowSearcher(time.clock, 0)
})

const envelopeOf = (data: Uint8Array, nonce: bigint, atMs = nowMs): Uint8Array =>
  encodeEnvelope({ expiry: Math.floor(atMs / 1000) + 50, ttl: 50, topic, data, nonce })

/** A node that strangers talk to, one link for each script; afterwards it still takes an honest envelope. */
function nodeTarget(name: string, node: Whisper, time: VirtualTime, seeds: readonly Uint8Array[]): Target {
  let links = 0
  let started: Promise<void> | undefined
  return {
    name,
    share: 40,
    seeds,
    run: async script => {
      started ??= node.start()
      await started
      links += 1
      const pair = createLinkPair({ right: links.toString(16).padStart(64, '0') })
      const attached = node.attach(pair.left).then(
        () => undefined,
        (error: unknown) => error
      )
      void (async () => {
        for await (const _ of pair.right.packets());
      })()
      for (const { code, payload } of stepsOf(script)) await pair.right.send(code, payload).catch(() => undefined)
      await time.settle()
      pair.cut()
      const failure = await attached
      assertWhole(name, node.peers().length === 0)
      const honest = await node.exchange.offer(envelopeOf(field(40), BigInt(links) + 2n ** 32n, time.clock.nowMs()))
      assertWhole(name, honest.kind === 'accepted')
      assertWhole(name, node.info().memory < 64 << 20)
      // Virtual time goes on, so that what was pooled expires.
      await time.advance(1000)
      if (failure !== undefined) throw failure
    }
  }
}

function relays(): readonly Target[] {
  const [whisperTime, wakuTime] = [createVirtualTime(nowMs), createVirtualTime(nowMs)]
  const messages = step(packetCodes.messages, encodeMessages([envelopeOf(field(60), 1n), envelopeOf(field(90), 2n)]))
  const status = encodeStatus({ minPow: 0, bloom: filterBloom([topic]), light: false, confirmations: true })
  const hello = step(packetCodes.status, status)
  const wakuStatus = encodeStatusOptions({ powBits: 0n, topics: [topic], light: false, confirmations: true })
  const wakuHello = step(packetCodes.status, wakuStatus)
  const updates = [1, 2, 3, 11, 12, 20, 21, 22, 23, 126, 127].map(code => step(code, encodeMessages([field(20)])))
  const scripts = (first: Uint8Array): readonly Uint8Array[] => [
    concatBytes(first, messages, messages),
    concatBytes(first, ...updates),
    concatBytes(
      first,
      step(2, Uint8Array.of(0x88, ...field(8))),
      step(3, concatBytes(Uint8Array.of(0xb8, 0x40), field(64)))
    )
  ]
  return [
    nodeTarget(
      'whisper session',
      createWhisper(depsOf(whisperTime, 'whisper'), { minPow: 0 }),
      whisperTime,
      scripts(hello)
    ),
    nodeTarget('waku session', createWaku(depsOf(wakuTime, 'waku'), { minPow: 0 }), wakuTime, scripts(wakuHello))
  ]
}

/** A mailserver that gets requests whose content strangers chose; it answers an honest one afterwards. */
async function mailserver(): Promise<Target> {
  const time = createVirtualTime(nowMs)
  const node = createWhisper(depsOf(time, 'mail'), { minPow: 0 })
  const server = createMailserver({ store: memoryEnvelopeStore(), clock: time.clock, scheduler: time.scheduler })
  await server.start()
  server.attach(node)
  const key = await symmetricKeyFromPassword(password)
  const honest = encodeRequestPayload({
    lower: nowMs / 1000 - 60,
    upper: nowMs / 1000,
    bloom: filterBloom([topic]),
    limit: 10,
    cursor: new Uint8Array(),
    batch: true
  })
  const random = createSeededRandom('requests')
  const request = (payload: Uint8Array): Uint8Array =>
    encodeEnvelope({
      expiry: Math.floor(time.clock.nowMs() / 1000) + 50,
      ttl: 50,
      topic,
      nonce: 0n,
      data: sealMessage({ payload, key: { kind: 'symmetric', key }, signer: mallory }, random)
    })
  const status = step(
    packetCodes.status,
    encodeStatus({ minPow: 0, bloom: filterBloom([topic]), light: false, confirmations: true })
  )
  const inner = nodeTarget('mailserver session', node, time, [])
  return {
    ...inner,
    seeds: [honest],
    run: async payload => inner.run(concatBytes(status, step(packetCodes.p2pRequest, request(payload.slice(0, 1500)))))
  }
}

/** Two devices with a session; bytes of strangers under either's name, and an honest message afterwards. */
async function ratchet(): Promise<Target> {
  const clock = { nowMs: () => nowMs }
  const sealerOf = (identity: typeof alice, name: string) =>
    createSealer(
      { identity, clock, random: createSeededRandom(name), store: memorySessionStore() },
      { installationId: `${name}-device` }
    )
  const [here, there] = [await sealerOf(alice, 'alice'), await sealerOf(bob, 'bob')]
  const toBob = { kind: 'identity', publicKey: bob.publicKey, reach: 'any-device' } as const
  const toAlice = { kind: 'identity', publicKey: alice.publicKey, reach: 'any-device' } as const
  const seeds: Uint8Array[] = []
  for (let round = 0; round < 3; round++) {
    for (const [from, to, audience, sender] of [
      [here, there, toBob, alice],
      [there, here, toAlice, bob]
    ] as const) {
      const sealed = await from.seal(utf8Bytes(`round ${round}`), audience)
      if (sealed.kind !== 'sealed') continue
      seeds.push(sealed.bytes)
      const opened = await to.open(sealed.bytes, { sender: sender.publicKey })
      if (opened.kind === 'message' && opened.receipt !== undefined) await to.confirm(opened.receipt)
    }
  }
  let inputs = 0
  return {
    name: 'ratchet session',
    share: 200,
    seeds,
    run: async bytes => {
      await there.open(bytes, { sender: inputs % 2 === 0 ? alice.publicKey : mallory.publicKey })
      inputs += 1
      if (inputs % 16 !== 0) return
      const sealed = await here.seal(utf8Bytes('honest'), toBob)
      const opened = sealed.kind === 'sealed' && (await there.open(sealed.bytes, { sender: alice.publicKey }))
      assertWhole('ratchet session', opened !== false && opened.kind === 'message')
      if (opened !== false && opened.kind === 'message' && opened.receipt !== undefined)
        await there.confirm(opened.receipt)
    }
  }
}

/** A sync node that gets payloads of strangers, and an honest one afterwards. */
function sync(): Target {
  const node = createSync({
    self: alice.publicKey,
    clock: { nowMs: () => nowMs },
    random: createSeededRandom('sync'),
    store: memorySyncStore(),
    isKnown: () => true,
    maxBytes: async () => 100_000,
    output: async () => 'sent',
    settled: async () => undefined,
    bodyOf: async () => undefined
  })
  const payload = (body: Uint8Array, timestamp: bigint): Uint8Array =>
    encodePayload({
      acks: [field(32)],
      offers: [field(32)],
      requests: [field(32)],
      messages: [{ groupId: groupId(alice.publicKey, bob.publicKey), timestamp, body }]
    })
  let inputs = 0
  return {
    name: 'sync session',
    share: 400,
    seeds: [payload(field(40), 1n), payload(new Uint8Array(), -1n)],
    run: async bytes => {
      await node.receive(bob.publicKey, bytes)
      inputs += 1
      if (inputs % 16 !== 0) return
      const honest = await node.receive(bob.publicKey, payload(utf8Bytes(`honest ${inputs}`), BigInt(inputs)))
      assertWhole('sync session', honest.kind === 'payload' && honest.bodies.length === 1)
    }
  }
}

/** The `shh_*` API: texts of strangers, and an honest call afterwards. */
function rpc(): Target {
  const time = createVirtualTime(nowMs)
  const api = createRpc({ whisper: createWhisper(depsOf(time, 'rpc'), { minPow: 0 }), clock: time.clock })
  const text = (method: string, params: unknown): Uint8Array =>
    utf8Bytes(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))
  return {
    name: 'rpc session',
    share: 200,
    seeds: [
      text('shh_newMessageFilter', [{ symKeyID: 'ab', topics: ['0x01020304'] }]),
      text('shh_newKeyPair', []),
      text('shh_addSymKey', [`0x${'ab'.repeat(32)}`]),
      utf8Bytes('[{"jsonrpc":"2.0","id":1,"method":"shh_version","params":[]}]')
    ],
    run: async bytes => {
      await api.call(new TextDecoder().decode(bytes))
      const answer = await api.call('{"jsonrpc":"2.0","id":7,"method":"shh_version","params":[]}')
      assertWhole('rpc session', answer?.includes('"6.0"') === true)
    }
  }
}

/** Everything that holds state while strangers talk to it. */
export async function createSessions(): Promise<readonly Target[]> {
  return [...relays(), await mailserver(), await ratchet(), sync(), rpc(), await messenger()]
}
