// The seams between the layers, as locks that take a neighbour: the real ones are locked in seams.test-d.ts, and the
// fixtures in wrong-neighbours/ show that a lock refuses others.

import type * as transport from '@status-stack/devp2p-transport'
import type {
  Arrival,
  Audience,
  Destination,
  Effect,
  Guarantee,
  IdentityKey,
  OutgoingContext,
  Protection,
  ReceivedMessage
} from '@status-stack/interface'
import type * as client from '@status-stack/status-client'
import type * as data from '@status-stack/status-data'
import type * as pfs from '@status-stack/status-pfs'
import type * as sync from '@status-stack/status-sync'
import type * as whisper from '@status-stack/whisper'
import type { Equal, Fits } from './lock.ts'

export type { Arrival, Audience, Effect, IdentityKey, ReceivedMessage } from '@status-stack/interface'

/** The agreed shape of the privacy layer, for any types of routes and interests. */
export interface Privacy<Route, Interest> {
  readonly post: (message: {
    readonly route: Route
    readonly payload: Uint8Array
    readonly signer?: IdentityKey
    readonly ttlSeconds?: number
    readonly targetPeer?: string
    readonly signal?: AbortSignal
  }) => Promise<{
    readonly hash: Uint8Array
    readonly expiry: number
    readonly sentTo: readonly string[]
    readonly confirmations: AsyncIterable<{ readonly by: string }>
  }>
  readonly subscribe: (
    interest: Interest,
    options?: { readonly signal?: AbortSignal }
  ) => AsyncIterable<ReceivedMessage> & { readonly ready: Promise<void> }
  readonly history: (
    server: string,
    query: {
      readonly interests: readonly Interest[]
      readonly fromSeconds: number
      readonly toSeconds: number
      readonly limit: number
      readonly cursor?: Uint8Array
      readonly signer: IdentityKey
    }
  ) => Promise<{ readonly deliveries: readonly ReceivedMessage[]; readonly cursor?: Uint8Array }>
  readonly connected: () => boolean
  readonly payloadLimit: (route: Route) => number
}

/** A link of any transport: to the privacy layer, and to whoever attaches links to the client. */
export type IsLink<Link> = Fits<Link, whisper.PeerLink & client.PeerLink>

/** What runs on a link of the transport, as a capability. */
export type RunsOnLinks<Attach> = Fits<Attach, transport.Capability['run']>

/** An identity key, to everybody who signs or agrees with one. */
export type IsIdentity<Key> = Fits<
  Key,
  whisper.IdentityKey & pfs.IdentityKey & OutgoingContext['identity'] & client.IdentityKey
>

/** The privacy layer under the composition. */
export type IsPrivacy<Layer, Route, Interest> = Fits<Layer, Privacy<Route, Interest>>

/** Unions that travel from one layer into another are one type everywhere. */
export type IsDestination<T> = Equal<T, Destination>
export type IsArrival<T> = Equal<T, Arrival>
export type IsGuarantee<T> = Equal<T, Guarantee>
export type IsProtection<T> = Equal<T, Protection>
export type IsAudience<T> = Equal<T, Audience>
export type IsEffect<T> = Equal<T, Effect>

/** A sealer, full or null, with its own type of receipts. */
export type IsSealer<Layer, Receipt> = Fits<
  Layer,
  {
    readonly seal: (
      bytes: Uint8Array,
      to: Audience
    ) => Promise<
      | {
          readonly kind: 'sealed'
          readonly bytes: Uint8Array
          readonly protection: Protection
          readonly rendezvous?: Uint8Array
          readonly effects: readonly Effect[]
        }
      | { readonly kind: 'nobody'; readonly effects: readonly Effect[] }
    >
    readonly open: (
      bytes: Uint8Array,
      from: { readonly sender: Uint8Array }
    ) => Promise<
      | {
          readonly kind: 'message'
          readonly bytes: Uint8Array
          readonly protection: Protection
          readonly strongest: Protection
          readonly device?: string
          readonly receipt?: Receipt
          readonly effects: readonly Effect[]
        }
      | { readonly kind: 'nothing'; readonly effects: readonly Effect[] }
      | { readonly kind: 'unreadable'; readonly reason: pfs.OpenFailure; readonly effects: readonly Effect[] }
    >
    readonly confirm: (receipt: Receipt) => Promise<void>
    readonly sealedSize: (length: number, to: Audience) => Promise<number>
    readonly initialEffects: () => Promise<readonly Effect[]>
    readonly devices: (identity: Uint8Array) => Promise<readonly unknown[]>
    readonly enable: (installationId: string, on: boolean) => Promise<void>
  }
>

/** What sync hands down and what it is told. */
export type IsOutput<Output> = Fits<Output, sync.Output>
export type IsOutcome<T> = Equal<T, sync.Settlement['outcome']>

/** A delivery becomes what the data layer judges by. */
export type CanBeJudged<D extends ReceivedMessage> = Fits<
  {
    readonly transportAuthor?: D['signer'] & Uint8Array
    readonly sentMs: D['sentSeconds']
    readonly nowMs: number
    readonly arrival: D['arrival']
    readonly self: Uint8Array
  },
  data.ReceiveContext
>
