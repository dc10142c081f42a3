import type { Audience, Effect, Guarantee, PostedMessage, PrivacyLayer, SecurityLayer } from '@status-stack/interface'
import type { Ending } from './background.ts'
import { type Core, isSelf, policyFor } from './core.ts'
import { codeOf } from './errors.ts'
import { counted, hexKey } from './ids.ts'
import { isWeaker, mayPost, shownProtection } from './policy.ts'
import type { HeldReason, MessageId, PublicKey, ShownProtection } from './types.ts'

export type PostOutcome =
  | { readonly kind: 'sent'; readonly posted: PostedMessage; readonly confirmed: Promise<boolean> }
  | { readonly kind: 'not-sent'; readonly reason: HeldReason }
  | { readonly kind: 'held'; readonly reason: HeldReason }
  | { readonly kind: 'nobody'; readonly reason: HeldReason }

export interface OutboundPorts<Route> {
  readonly privacy: Pick<PrivacyLayer<Route>, 'post' | 'connected' | 'payloadLimit' | 'planRoute' | 'guaranteeOf'>
  readonly sealer: Pick<SecurityLayer, 'seal' | 'maxPlaintext'>
  readonly nullSealer: Pick<SecurityLayer, 'seal' | 'maxPlaintext'>
  readonly applyEffects: (effects: readonly Effect[]) => Promise<void>
  readonly isMailserver: (peerId: string) => boolean
}

export interface Outbound {
  /** Seals, applies the effects, plans the route, asks the policy, posts, and feeds the ledger. SPEC: seams "1:1 out". */
  readonly post: (
    to: Audience,
    bytes: Uint8Array,
    about: {
      readonly ids: readonly MessageId[]
      readonly signal?: AbortSignal | undefined
      readonly advertisement?: boolean
    }
  ) => Promise<PostOutcome>
  /** Longest bytes that fit one envelope to this audience now. */
  readonly maxBytes: (to: Audience) => Promise<number>
  /** Its devices changed: sizes have to be asked for again. */
  readonly forget: (identity: PublicKey) => void
}

const sizeMemoryMs = 60_000

function destinationOf(to: Audience, self: PublicKey) {
  switch (to.kind) {
    case 'own-devices':
      return { kind: 'identity', publicKey: self } as const
    case 'identity':
      return { kind: 'identity', publicKey: to.publicKey } as const
    case 'public-chat':
    case 'contact-code':
      return to
  }
}

function recipientOf(to: Audience, self: PublicKey): PublicKey | undefined {
  if (to.kind === 'own-devices') return self
  return to.kind === 'identity' ? to.publicKey : undefined
}

/** Whether the failure is one that time mends. */
function reasonOf(error: unknown): HeldReason {
  const code = codeOf(error)
  if (code === 'payload-too-large' || code === 'message-too-large') return 'too-large'
  return 'failed'
}

/** An iteration that also ends when the client stops: an envelope lives longer than a one-shot command. */
async function* untilStopped<T>(items: AsyncIterable<T>, stopping: Ending): AsyncIterable<T> {
  const iterator = items[Symbol.asyncIterator]()
  let end: () => void = () => {}
  const stopped = new Promise<{ readonly done: true; readonly value: undefined }>(resolve => {
    end = () => resolve({ done: true, value: undefined })
  })
  const leave = stopping.onEnd(end)
  try {
    for (;;) {
      const result = await Promise.race([iterator.next(), stopped])
      if (result.done === true) return
      yield result.value
    }
  } finally {
    leave()
  }
}

export function createOutbound<Route>(core: Core, ports: OutboundPorts<Route>): Outbound {
  // BOUNDED: one entry per person written to; cleared as a whole when large
  const sizes = new Map<string, { readonly bytes: number; readonly untilMs: number }>()

  // BOUNDED: messages of ours that are waiting, cleared with the next link
  const toldOffline = new Set<MessageId>()

  const sealerFor = (person: PublicKey | undefined, advertisement: boolean): OutboundPorts<Route>['sealer'] => {
    if (person === undefined || advertisement) return ports.sealer
    return policyFor(core, person).pfs === 'on' ? ports.sealer : ports.nullSealer
  }

  const note = (ids: readonly MessageId[], fact: Parameters<Core['ledger']['note']>[1]): void => {
    for (const id of ids) core.background.run('ledger', () => core.ledger.note(id, fact))
  }

  const follow = async (
    posted: PostedMessage,
    ids: readonly MessageId[],
    recipient: PublicKey | undefined
  ): Promise<boolean> => {
    let confirmed = false
    for await (const { by } of untilStopped(posted.confirmations, core.stopping)) {
      confirmed = true
      note(ids, { recipient, state: ports.isMailserver(by) ? 'archived' : 'confirmed', hash: posted.hash, by })
    }
    if (!confirmed && !core.stopping.ended()) note(ids, { recipient, state: 'expired' })
    return confirmed
  }

  return {
    post: async (to, bytes, { ids, signal, advertisement = false }) => {
      const recipient = recipientOf(to, core.self)
      // Asked before sealing: an unsent seal burns a message key.
      if (!ports.privacy.connected()) {
        // Told once per message: while we are offline, sync asks again every few seconds.
        note(
          ids.filter(id => !toldOffline.has(id)),
          { recipient, state: 'retrying', reason: 'offline' }
        )
        for (const id of ids) toldOffline.add(id)
        return { kind: 'not-sent', reason: 'offline' }
      }
      toldOffline.clear()
      const sealStart = core.clock.nowMs()
      const sealed = await sealerFor(recipient, advertisement).seal(bytes, to)
      await ports.applyEffects(sealed.effects)
      if (sealed.kind === 'nobody') return { kind: 'nobody', reason: 'nobody' }
      const planStart = core.clock.nowMs()
      const route = await ports.privacy.planRoute(
        destinationOf(to, core.self),
        sealed.rendezvous === undefined ? {} : { rendezvous: sealed.rendezvous }
      )
      const guarantee: Guarantee = ports.privacy.guaranteeOf(route)
      const shown: ShownProtection = shownProtection(sealed.protection, guarantee)
      core.trace(() => ({
        layer: 'pfs',
        direction: 'out',
        did: `sealed for ${to.kind}`,
        messageIds: ids,
        bytesIn: bytes.length,
        bytesOut: sealed.bytes.length,
        protection: sealed.protection,
        ms: planStart - sealStart
      }))
      if (recipient !== undefined && !advertisement && !mayPost(shown, policyFor(core, recipient))) {
        note(ids, { recipient, state: 'held', reason: 'policy', protection: shown })
        return { kind: 'held', reason: 'policy' }
      }
      const fact = { recipient, state: 'sealed', protection: shown } as const
      // On disk before it may be out: after a crash in between a retry under the ratchet must not hide this one.
      if (isWeaker(shown, 'forward-secret') && shown !== 'public')
        await Promise.all(ids.map(id => core.ledger.note(id, fact)))
      else note(ids, fact)
      const postStart = core.clock.nowMs()
      core.trace(() => ({
        layer: 'route',
        direction: 'out',
        did: sealed.rendezvous === undefined ? `route of ${to.kind}` : 'route of the shared rendezvous',
        messageIds: ids,
        bytesIn: sealed.bytes.length,
        bytesOut: sealed.bytes.length,
        protection: guarantee,
        ms: postStart - planStart
      }))
      let posted: PostedMessage
      try {
        posted = await ports.privacy.post({
          route,
          payload: sealed.bytes,
          signer: core.identity,
          ...(signal === undefined ? {} : { signal })
        })
      } catch (error) {
        const reason = reasonOf(error)
        core.log.warn('post failed', { bytes: sealed.bytes.length, reason })
        note(ids, { recipient, state: 'retrying', reason })
        return { kind: 'not-sent', reason }
      }
      core.trace(() => ({
        layer: 'whisper',
        direction: 'out',
        did: `posted to ${counted(posted.sentTo.length, 'peer')}`,
        messageIds: ids,
        bytesIn: sealed.bytes.length,
        bytesOut: sealed.bytes.length,
        protection: guarantee,
        ms: core.clock.nowMs() - postStart
      }))
      note(ids, { recipient, state: 'posted', protection: shown, envelope: posted })
      const confirmed = follow(posted, ids, recipient)
      core.watching.run('confirmations', () => confirmed)
      return { kind: 'sent', posted, confirmed }
    },
    maxBytes: async to => {
      const recipient = recipientOf(to, core.self)
      const name = recipient === undefined ? to.kind : hexKey(recipient)
      const known = sizes.get(name)
      if (known !== undefined && known.untilMs > core.clock.nowMs()) return known.bytes
      const sealer = sealerFor(recipient, false)
      const route = await ports.privacy.planRoute(destinationOf(to, core.self))
      const limit = ports.privacy.payloadLimit(route)
      const bytes = await sealer.maxPlaintext(limit, to)
      if (sizes.size > 10_000) sizes.clear()
      sizes.set(name, { bytes, untilMs: core.clock.nowMs() + sizeMemoryMs })
      return bytes
    },
    forget: identity => {
      sizes.delete(hexKey(identity))
      if (isSelf(core, identity)) sizes.clear()
    }
  }
}
