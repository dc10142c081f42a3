import { randomBytes } from '@status-stack/crypto'
import { generateIdentity } from '@status-stack/status-accounts'
import { type Chat, decode, outgoing } from '@status-stack/status-data'
import {
  type Audience,
  createNullSealer,
  createSealer,
  type Effect,
  memorySessionStore,
  type Protection
} from '@status-stack/status-pfs'
import { createSync, memorySyncStore } from '@status-stack/status-sync'
import type { Delivery, Destination } from '../locks/seams.ts'
import type { Ground } from './grounds.ts'

/** What a person read: the text, who wrote it and how well it was protected. */
export interface Read {
  readonly text: string
  readonly author: Uint8Array
  readonly protection: Protection
}

/** Which neighbours the layers get. */
export interface Neighbours {
  readonly security: 'full' | 'null'
  readonly sync: 'mvds' | 'none'
}

export interface Person {
  readonly publicKey: Uint8Array
  readonly read: readonly Read[]
  readonly say: (chat: Chat, text: string) => Promise<void>
  readonly stop: () => Promise<void>
}

/**
 * The layers joined by hand, as small as it can be: what a composition does, without storage, policy or ledger. Every
 * neighbour comes from outside, so that each can be replaced.
 */
export async function createPerson<Route, Interest>(
  name: string,
  ground: Ground<Route, Interest>,
  neighbours: Neighbours,
  publicChat: string
): Promise<Person> {
  const random = { bytes: randomBytes }
  const clock = { nowMs: () => Date.now() }
  const { identity } = generateIdentity(random)
  const full = await createSealer({ identity, store: memorySessionStore(), clock, random }, { installationId: name })
  const sealer = neighbours.security === 'full' ? full : createNullSealer(full)
  const stopped = new AbortController()
  const read: Read[] = []
  const places = new Set<string>()
  let lastClock = 0

  const apply = async (effects: readonly Effect[]): Promise<void> => {
    for (const effect of effects) {
      if (effect.kind === 'rendezvous' && !places.has(String(effect.secret))) {
        places.add(String(effect.secret))
        await listen(await ground.planInterest(identity, effect))
      }
      if (effect.kind === 'advertise') await send(new Uint8Array(), effect.to)
    }
  }

  const send = async (bytes: Uint8Array, to: Audience): Promise<'sent' | 'nobody'> => {
    const sealed = await sealer.seal(bytes, to)
    await apply(sealed.effects)
    if (sealed.kind === 'nobody') return 'nobody'
    const hints = sealed.rendezvous === undefined ? {} : { rendezvous: sealed.rendezvous }
    const route = await ground.planRoute(destinationOf(to, identity.publicKey), hints)
    await ground.privacy.post({ route, payload: sealed.bytes, signer: identity })
    return 'sent'
  }

  const toIdentity = (publicKey: Uint8Array): Audience => ({ kind: 'identity', publicKey, reach: 'known-devices' })
  const sync = createSync(
    {
      self: identity.publicKey,
      store: memorySyncStore(),
      clock,
      random,
      output: (peer, bytes) => send(bytes, toIdentity(peer)),
      settled: async () => undefined,
      maxBytes: async () => 500_000
    },
    { tickMs: 20 }
  )

  const judge = (body: Uint8Array, protection: Protection, { signer, sentSeconds, arrival }: Delivery): boolean => {
    const seen = { sentMs: sentSeconds * 1000, nowMs: clock.nowMs(), arrival, self: identity.publicKey }
    const accepted = decode(body, signer === undefined ? seen : { ...seen, transportAuthor: signer })
    if (accepted.kind === 'refused') return accepted.final
    lastClock = Math.max(lastClock, accepted.clock)
    if (!accepted.mine && accepted.content.kind === 'text') {
      read.push({ text: accepted.content.text, author: accepted.author, protection })
    }
    return true
  }

  const hear = async (delivery: Delivery): Promise<void> => {
    const { signer, arrival } = delivery
    if (signer === undefined) return
    const opened = await sealer.open(delivery.payload, { sender: signer })
    await apply(opened.effects)
    if (opened.kind !== 'message') return
    const personal = arrival.kind === 'identity' || arrival.kind === 'rendezvous'
    const payload =
      personal && neighbours.sync === 'mvds' ? await sync.receive(signer, opened.bytes) : { kind: 'not-sync' as const }
    if (payload.kind === 'payload') {
      const handled = payload.bodies.filter(({ body }) => judge(body, opened.protection, delivery))
      await sync.accept(
        signer,
        handled.map(({ id }) => id)
      )
      await sync.heard(signer)
    } else judge(opened.bytes, opened.protection, delivery)
    if (opened.receipt !== undefined) await sealer.confirm(opened.receipt)
  }

  const hearing: Promise<void>[] = []
  const listen = async (interest: Interest): Promise<void> => {
    const subscription = ground.privacy.subscribe(interest, { signal: stopped.signal })
    await subscription.ready
    hearing.push(
      (async () => {
        for await (const delivery of subscription) await hear(delivery)
      })()
    )
  }

  await apply(await sealer.standing())
  await listen(await ground.planInterest(identity, { kind: 'identity' }))
  await listen(await ground.planInterest(identity, { kind: 'public-chat', name: publicChat }))
  if (neighbours.sync === 'mvds') await sync.start()

  let said = 0
  return {
    publicKey: identity.publicKey,
    read,
    say: async (chat, text) => {
      const message = outgoing(chat, { kind: 'text', text }, { identity, nowMs: clock.nowMs(), lastClock })
      lastClock = message.local.clock
      if (message.reliability === 'best-effort') for (const to of message.to) await send(message.bytes, to)
      else {
        for (const peer of message.to) {
          if (neighbours.sync === 'none') await send(message.bytes, toIdentity(peer))
          else await sync.enqueue({ peer, body: message.bytes, tracking: `${name} ${++said}` })
        }
      }
    },
    stop: async () => {
      await sync.stop()
      stopped.abort()
      await Promise.allSettled(hearing)
    }
  }
}

/** Whom the security layer sealed for, as the place where they listen. */
function destinationOf(to: Audience, self: Uint8Array): Destination {
  switch (to.kind) {
    case 'identity':
      return { kind: 'identity', publicKey: to.publicKey }
    case 'own-devices':
      return { kind: 'identity', publicKey: self }
    case 'public-chat':
      return to
    case 'contact-code':
      return to
  }
}
