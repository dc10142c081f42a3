// Neighbours that must not fit. Every line behind a `wrong:` comment has to be a compile error, and no other line may be
// one; seams.test.ts compiles this file and looks. It is not part of the package's own compilation.
import type * as whisper from '@status-stack/whisper'
import type { Locked } from '../locks/lock.ts'
import type {
  Arrival,
  Audience,
  CanBeJudged,
  Effect,
  IdentityKey,
  IsArrival,
  IsAudience,
  IsEffect,
  IsIdentity,
  IsLink,
  IsOutcome,
  IsOutput,
  IsPrivacy,
  IsProtection,
  IsSealer,
  Privacy,
  ReceivedMessage,
  RunsOnLinks
} from '../locks/seams.ts'

type Link = whisper.PeerLink
type Seal = (
  bytes: Uint8Array,
  to: Audience
) => Promise<{ readonly kind: 'nobody'; readonly effects: readonly Effect[] }>
type Open = (
  bytes: Uint8Array,
  from: { readonly sender: Uint8Array }
) => Promise<{ readonly kind: 'nothing'; readonly effects: readonly Effect[] }>
type Sealer = {
  readonly seal: Seal
  readonly open: Open
  readonly confirm: (receipt: number) => Promise<void>
  readonly sealedSize: (length: number, to: Audience) => Promise<number>
  readonly initialEffects: () => Promise<readonly Effect[]>
  readonly devices: (identity: Uint8Array) => Promise<readonly unknown[]>
  readonly enable: (installationId: string, on: boolean) => Promise<void>
}
type Layer = Privacy<string, string>

export type Right = readonly [
  Locked<IsLink<Link>>,
  Locked<IsIdentity<IdentityKey>>,
  Locked<IsPrivacy<Layer, string, string>>,
  Locked<IsSealer<Sealer, number>>,
  Locked<CanBeJudged<ReceivedMessage>>
]

export type Wrong = readonly [
  // wrong: a link that sends one kind of packet only; with method syntax this would pass
  Locked<IsLink<Omit<Link, 'send'> & { readonly send: (code: 1, payload: Uint8Array) => Promise<void> }>>,
  // wrong: a link that cannot be closed
  Locked<IsLink<Omit<Link, 'close'>>>,
  // wrong: a link whose packets are not awaited
  Locked<IsLink<Omit<Link, 'packets'> & { readonly packets: () => Iterable<whisper.Packet> }>>,
  // wrong: a link that does not say how the peer is flagged
  Locked<IsLink<Omit<Link, 'flags'>>>,
  // wrong: a capability that wants more than a link
  Locked<RunsOnLinks<(link: Link & { readonly socket: object }) => Promise<void>>>,
  // wrong: a key that signs later
  Locked<IsIdentity<Omit<IdentityKey, 'sign'> & { readonly sign: (digest: Uint8Array) => Promise<Uint8Array> }>>,
  // wrong: a key in text form
  Locked<IsIdentity<Omit<IdentityKey, 'publicKey'> & { readonly publicKey: string }>>,
  // wrong: routes that are not those the layer plans
  Locked<IsPrivacy<Layer, number, string>>,
  // wrong: a privacy layer that keeps the hash to itself
  Locked<IsPrivacy<Omit<Layer, 'post'> & { readonly post: () => Promise<void> }, string, string>>,
  // wrong: subscriptions without the moment from which they hear
  Locked<
    IsPrivacy<
      Omit<Layer, 'subscribe'> & { readonly subscribe: (interest: string) => AsyncIterable<ReceivedMessage> },
      string,
      string
    >
  >,
  // wrong: an arrival the layers above do not know
  Locked<IsArrival<Arrival | { readonly kind: 'broadcast' }>>,
  // wrong: an arrival that lost a kind
  Locked<IsArrival<Exclude<Arrival, { kind: 'rendezvous' }>>>,
  // wrong: an arrival that can be changed
  Locked<IsArrival<Exclude<Arrival, { kind: 'identity' }> | { kind: 'identity' }>>,
  // wrong: an audience that does not say which devices
  Locked<IsAudience<Exclude<Audience, { kind: 'own-devices' }> | { readonly kind: 'own-devices' }>>,
  // wrong: an effect nobody would apply
  Locked<IsEffect<Effect | { readonly kind: 'reconnect' }>>,
  // wrong: an effect without its secret
  Locked<
    IsEffect<Exclude<Effect, { kind: 'rendezvous' }> | { readonly kind: 'rendezvous'; readonly peer: Uint8Array }>
  >,
  // wrong: another word for the same protection
  Locked<IsProtection<'ratchet' | 'static-key' | 'none'>>,
  // wrong: a sealer that opens without saying how well a message was protected
  Locked<
    IsSealer<
      Omit<Sealer, 'open'> & {
        readonly open: () => Promise<{
          readonly kind: 'message'
          readonly bytes: Uint8Array
          readonly effects: readonly Effect[]
        }>
      },
      number
    >
  >,
  // wrong: receipts of another sealer
  Locked<IsSealer<Sealer, string>>,
  // wrong: an output that only says yes or no
  Locked<IsOutput<() => Promise<boolean>>>,
  // wrong: an end that the ledger does not know
  Locked<IsOutcome<'acknowledged' | 'sent' | 'given-up' | 'too-large' | 'nobody' | 'lost'>>,
  // wrong: a delivery whose arrival the data layer cannot judge
  Locked<CanBeJudged<Omit<ReceivedMessage, 'arrival'> & { readonly arrival: { readonly kind: 'unknown' } }>>
]
