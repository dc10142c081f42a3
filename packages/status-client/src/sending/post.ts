import type { Audience, Effect, PostedMessage, PrivacyLayer, SealResult, SecurityLayer } from '@status-stack/interface'
import { raceAbort } from '@status-stack/utils'
import { type Core, policyFor } from '../composition/core.ts'
import type { PostSteps, PostSubject } from '../composition/tracing.ts'
import { codeOf } from '../errors.ts'
import type { HeldReason, MessageId, PublicKey, ShownProtection } from '../types.ts'
import { createSizes, type EnvelopeSizes } from './envelope-sizes.ts'
import { isWeaker, mayPost, shownProtection } from './policy.ts'
import { destinationOf, recipientOf } from './recipients.ts'

export type PostOutcome =
  /** `confirmed` settles with the first confirmation, or without one when the envelope is gone or the client stops. */
  | { readonly kind: 'sent'; readonly posted: PostedMessage; readonly confirmed: Promise<boolean> }
  | { readonly kind: 'not-sent'; readonly reason: HeldReason }
  | { readonly kind: 'held'; readonly reason: HeldReason }
  | { readonly kind: 'nobody'; readonly reason: HeldReason }

export interface PosterPorts<Route> {
  readonly privacy: Pick<PrivacyLayer<Route>, 'post' | 'connected' | 'payloadLimit' | 'planRoute' | 'guaranteeOf'>
  readonly sealer: Pick<SecurityLayer, 'seal' | 'maxPlaintext'>
  readonly nullSealer: Pick<SecurityLayer, 'seal' | 'maxPlaintext'>
  readonly applyEffects: (effects: readonly Effect[]) => Promise<void>
  readonly isMailserver: (peerId: string) => boolean
  /** Gives the steps of one message back, watched. @default as they are */
  readonly observe?: ((steps: PostSteps<Route>, about: PostSubject) => PostSteps<Route>) | undefined
}

/** What is posted. */
export interface PostOptions {
  /** The messages in it, for the ledger. */
  readonly ids: readonly MessageId[]
  readonly signal?: AbortSignal | undefined
  /** Our bundle and nothing else: always under pfs, and no policy is asked. */
  readonly advertisement?: boolean
}

export interface Poster extends EnvelopeSizes {
  /** Seals, applies the effects, plans the route, asks the policy, posts, and feeds the ledger. SPEC: seams "1:1 out". */
  readonly post: (to: Audience, bytes: Uint8Array, about: PostOptions) => Promise<PostOutcome>
}

/** Whether the failure is one that time mends. */
function reasonOf(error: unknown): HeldReason {
  const code = codeOf(error)
  if (code === 'payload-too-large' || code === 'message-too-large') return 'too-large'
  return 'failed'
}

/** What is known once a message is sealed and has a route. */
interface Sealed<Route> {
  readonly sealed: Extract<SealResult, { kind: 'sealed' }>
  readonly route: Route
  readonly shown: ShownProtection
}

/** An iteration that also ends when the signal fires. */
async function* untilAborted<T>(items: AsyncIterable<T>, signal: AbortSignal): AsyncIterable<T> {
  const iterator = items[Symbol.asyncIterator]()
  while (!signal.aborted) {
    const result = await raceAbort(iterator.next(), signal).catch(error => {
      if (signal.aborted) return { done: true, value: undefined } as const
      throw error
    })
    if (result.done === true) return
    yield result.value
  }
}

export function createPoster<Route>(core: Core, ports: PosterPorts<Route>): Poster {
  const { privacy, sealer, nullSealer, observe = steps => steps } = ports
  // BOUNDED: messages of ours that are waiting, cleared with the next link
  const toldOffline = new Set<MessageId>()
  // BOUNDED: one per envelope of ours that has not expired. An envelope lives longer than a client that runs for one command.
  const following = new Set<AbortController>()
  core.stopping.addEventListener('abort', () => {
    for (const each of following) each.abort()
  })

  const sealerFor = (person: PublicKey | undefined, advertisement: boolean): PosterPorts<Route>['sealer'] => {
    if (person === undefined || advertisement) return sealer
    return policyFor(core, person).pfs === 'on' ? sealer : nullSealer
  }

  const note = (ids: readonly MessageId[], fact: Parameters<Core['deliveries']['note']>[1]): void => {
    for (const id of ids) core.background.run('ledger', () => core.deliveries.noteSoon(id, fact))
  }

  /** Notes what peers confirm for as long as the envelope lives; `first` is called with the first one, or without any at the end. */
  const follow = async (
    posted: PostedMessage,
    ids: readonly MessageId[],
    recipient: PublicKey | undefined,
    first: (confirmed: boolean) => void
  ): Promise<void> => {
    let confirmed = false
    const ending = new AbortController()
    if (core.stopping.aborted) ending.abort()
    following.add(ending)
    try {
      for await (const { by } of untilAborted(posted.confirmations, ending.signal)) {
        confirmed = true
        first(true)
        note(ids, { recipient, state: ports.isMailserver(by) ? 'archived' : 'confirmed', hash: posted.hash, by })
      }
    } finally {
      following.delete(ending)
      first(confirmed)
    }
    if (!confirmed && !core.stopping.aborted) note(ids, { recipient, state: 'expired' })
  }

  /** Told once per message: while we are offline, sync asks again every few seconds. */
  const noteOffline = (ids: readonly MessageId[], recipient: PublicKey | undefined): void => {
    const untold = ids.filter(id => !toldOffline.has(id))
    note(untold, { recipient, state: 'retrying', reason: 'offline' })
    for (const id of untold) toldOffline.add(id)
  }

  const sealAndRoute = async (
    { seal, planRoute, guaranteeOf }: PostSteps<Route>,
    to: Audience,
    bytes: Uint8Array
  ): Promise<Sealed<Route> | undefined> => {
    const sealed = await seal(bytes, to)
    await ports.applyEffects(sealed.effects)
    if (sealed.kind === 'nobody') return undefined
    const route = await planRoute(
      destinationOf(to, core.self),
      sealed.rendezvous === undefined ? {} : { rendezvous: sealed.rendezvous }
    )
    return { sealed, route, shown: shownProtection(sealed.protection, guaranteeOf(route)) }
  }

  const noteSealed = async (
    ids: readonly MessageId[],
    recipient: PublicKey | undefined,
    shown: ShownProtection
  ): Promise<void> => {
    const fact = { recipient, state: 'sealed', protection: shown } as const
    // On disk before it may be out: after a crash in between a retry under the ratchet must not hide this one.
    if (isWeaker(shown, 'forward-secret') && shown !== 'public')
      await Promise.all(ids.map(id => core.deliveries.note(id, fact)))
    else note(ids, fact)
  }

  return {
    post: async (to, bytes, { ids, signal, advertisement = false }) => {
      const recipient = recipientOf(to, core.self)
      // Asked before sealing: an unsent seal burns a message key.
      if (!privacy.connected()) {
        noteOffline(ids, recipient)
        return { kind: 'not-sent', reason: 'offline' }
      }
      toldOffline.clear()
      const { seal } = sealerFor(recipient, advertisement)
      const { planRoute, guaranteeOf, post } = privacy
      const steps = observe({ seal, planRoute, guaranteeOf, post }, { ids, to })
      const ready = await sealAndRoute(steps, to, bytes)
      if (ready === undefined) return { kind: 'nobody', reason: 'nobody' }
      const { sealed, route, shown } = ready
      if (recipient !== undefined && !advertisement && !mayPost(shown, policyFor(core, recipient))) {
        note(ids, { recipient, state: 'held', reason: 'policy', protection: shown })
        return { kind: 'held', reason: 'policy' }
      }
      await noteSealed(ids, recipient, shown)
      let posted: PostedMessage
      try {
        posted = await steps.post({
          route,
          payload: sealed.bytes,
          signer: core.identity,
          ...(signal === undefined ? {} : { signal })
        })
      } catch (error) {
        // Stopped in the middle of it: nothing has left, and nothing is wrong.
        if (signal?.aborted === true) return { kind: 'not-sent', reason: 'offline' }
        const reason = reasonOf(error)
        core.log.warn('post failed', { bytes: sealed.bytes.length, reason })
        note(ids, { recipient, state: 'retrying', reason })
        return { kind: 'not-sent', reason }
      }
      note(ids, { recipient, state: 'posted', protection: shown, envelope: posted })
      const confirmed = new Promise<boolean>(resolve => {
        core.untracked.run('confirmations', () => follow(posted, ids, recipient, resolve))
      })
      return { kind: 'sent', posted, confirmed }
    },
    ...createSizes(core, { sealerFor: person => sealerFor(person, false), privacy })
  }
}
