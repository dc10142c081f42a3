import type {
  Audience,
  Destination,
  Effect,
  PostedMessage,
  PrivacyLayer,
  SealResult,
  SecurityLayer
} from '@status-stack/interface'
import { type Core, policyFor } from '../composition/core.ts'
import type { PostSteps, PostSubject } from '../composition/tracing.ts'
import { codeOf } from '../errors.ts'
import type { HeldReason } from '../ledger-types.ts'
import type { MessageId, PublicKey, ShownProtection } from '../types.ts'
import { createConfirmations, noteInBackground } from './confirmations.ts'
import { createSizes, type EnvelopeSizes } from './envelope-sizes.ts'
import type { LegFact } from './ledger-facts.ts'
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
}

export interface Poster extends EnvelopeSizes {
  /** Seals, applies the effects, plans the route, asks the policy, posts, and feeds the ledger. SPEC: seams "1:1 out". */
  readonly post: (to: Audience, bytes: Uint8Array, about: PostOptions) => Promise<PostOutcome>
  /** Posts our bundle and nothing else: always under pfs, and no policy is asked. */
  readonly advertise: (to: Audience) => Promise<PostOutcome>
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

/** Seals, applies what the security layer asks for before the bytes are used, and plans the way; nothing when they are for nobody. */
async function sealAndRoute<Route>(
  { seal, planRoute, guaranteeOf }: PostSteps<Route>,
  applyEffects: PosterPorts<Route>['applyEffects'],
  destination: Destination,
  to: Audience,
  bytes: Uint8Array
): Promise<Sealed<Route> | undefined> {
  const sealed = await seal(bytes, to)
  await applyEffects(sealed.effects)
  if (sealed.kind === 'nobody') return undefined
  const route = await planRoute(destination, sealed.rendezvous === undefined ? {} : { rendezvous: sealed.rendezvous })
  return { sealed, route, shown: shownProtection(sealed.protection, guaranteeOf(route)) }
}

async function noteSealed(
  core: Core,
  ids: readonly MessageId[],
  recipient: PublicKey | undefined,
  shown: ShownProtection
): Promise<void> {
  const fact = { recipient, state: 'sealed', protection: shown } as const
  // On disk before it may be out: after a crash in between a retry under the ratchet must not hide this one.
  if (isWeaker(shown, 'forward-secret') && shown !== 'public')
    await Promise.all(ids.map(id => core.deliveries.note(id, fact)))
  else noteInBackground(core, ids, fact)
}

export function createPoster<Route>(core: Core, ports: PosterPorts<Route>): Poster {
  const { privacy, sealer, nullSealer, observe = steps => steps } = ports
  // BOUNDED: messages of ours that are waiting, cleared with the next link
  const toldOffline = new Set<MessageId>()
  const confirmations = createConfirmations(core, ports.isMailserver)

  const sealerFor = (person: PublicKey | undefined, advertisement: boolean): PosterPorts<Route>['sealer'] => {
    if (person === undefined || advertisement) return sealer
    return policyFor(core, person).pfs === 'on' ? sealer : nullSealer
  }

  const note = (ids: readonly MessageId[], fact: LegFact): void => noteInBackground(core, ids, fact)

  /** Told once per message: while we are offline, sync asks again every few seconds. */
  const noteOffline = (ids: readonly MessageId[], recipient: PublicKey | undefined): void => {
    const untold = ids.filter(id => !toldOffline.has(id))
    note(untold, { recipient, state: 'retrying', reason: 'offline' })
    for (const id of untold) toldOffline.add(id)
  }

  const post = async (
    to: Audience,
    bytes: Uint8Array,
    { ids, signal }: PostOptions,
    advertisement: boolean
  ): Promise<PostOutcome> => {
    const recipient = recipientOf(to, core.self)
    // Asked before sealing: an unsent seal burns a message key.
    if (!privacy.connected()) {
      noteOffline(ids, recipient)
      return { kind: 'not-sent', reason: 'offline' }
    }
    toldOffline.clear()
    const { seal } = sealerFor(recipient, advertisement)
    const { planRoute, guaranteeOf } = privacy
    const steps = observe({ seal, planRoute, guaranteeOf, post: privacy.post }, { ids, to })
    const ready = await sealAndRoute(steps, ports.applyEffects, destinationOf(to, core.self), to, bytes)
    if (ready === undefined) return { kind: 'nobody', reason: 'nobody' }
    const { sealed, route, shown } = ready
    if (recipient !== undefined && !advertisement && !mayPost(shown, policyFor(core, recipient))) {
      note(ids, { recipient, state: 'held', reason: 'policy', protection: shown })
      return { kind: 'held', reason: 'policy' }
    }
    await noteSealed(core, ids, recipient, shown)
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
    return { kind: 'sent', posted, confirmed: confirmations.follow(posted, ids, recipient) }
  }

  return {
    post: (to, bytes, about) => post(to, bytes, about, false),
    advertise: to => post(to, new Uint8Array(), { ids: [] }, true),
    ...createSizes(core, { sealerFor: person => sealerFor(person, false), privacy })
  }
}
