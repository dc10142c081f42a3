// Compile-time locks: neighbours fit without knowing each other. `tsc -p packages/integration` is the test, and
// seams.test.ts shows that it fails for wrong neighbours.
import type * as transport from '@status-stack/devp2p-transport'
import type { DataLayer as DataLayerSeam } from '@status-stack/interface'
import type * as accounts from '@status-stack/status-accounts'
import type * as client from '@status-stack/status-client'
import type * as data from '@status-stack/status-data'
import type * as pfs from '@status-stack/status-pfs'
import type * as sync from '@status-stack/status-sync'
import type * as waku from '@status-stack/waku'
import type * as wakuStatus from '@status-stack/waku/status'
import type * as whisper from '@status-stack/whisper'
import type * as status from '@status-stack/whisper/status'
import type * as mailserver from '@status-stack/whisper-mailserver'
import type * as rpc from '@status-stack/whisper-rpc'
import type { Fits, Locked } from './locks/lock.ts'
import type {
  CanBeJudged,
  IdentityKey,
  IsArrival,
  IsAudience,
  IsDestination,
  IsEffect,
  IsGuarantee,
  IsIdentity,
  IsLink,
  IsOutcome,
  IsOutput,
  IsPrivacy,
  IsProtection,
  IsSealer,
  RunsOnLinks
} from './locks/seams.ts'

export type Transport = readonly [
  Locked<IsLink<transport.PeerLink>>,
  Locked<RunsOnLinks<whisper.Whisper['attach']>>,
  Locked<RunsOnLinks<client.Client['attach']>>,
  Locked<RunsOnLinks<waku.Waku['attach']>>,
  // What Whisper and Waku announce is what the transport negotiates.
  Locked<Fits<typeof whisper.capability, Pick<transport.Capability, 'name' | 'version' | 'length'>>>,
  Locked<Fits<waku.Waku['capability'], Pick<transport.Capability, 'name' | 'version' | 'length'>>>
]

export type Identity = readonly [
  Locked<IsIdentity<accounts.IdentityKey>>,
  Locked<IsIdentity<ReturnType<typeof accounts.createIdentityKey>>>,
  // One key object can go round: every layer's port is the same shape.
  Locked<IsIdentity<whisper.IdentityKey>>,
  Locked<IsIdentity<pfs.IdentityKey>>,
  Locked<IsIdentity<Parameters<typeof data.outgoing>[2]['identity']>>,
  Locked<IsIdentity<client.IdentityKey>>
]

export type PrivacyLayer = readonly [
  Locked<IsPrivacy<whisper.Whisper, whisper.Route, whisper.Interest>>,
  Locked<IsPrivacy<waku.Waku, whisper.Route, whisper.Interest>>,
  // One composition takes the layer of either.
  Locked<Fits<ReturnType<typeof wakuStatus.createWakuLayer>, ReturnType<typeof status.createStatusLayer>>>,
  // Servers take a node of either.
  Locked<Fits<waku.Waku, rpc.WhisperNode & mailserver.MailserverNode>>,
  Locked<
    Fits<
      typeof status.planRoute,
      (to: status.Destination, hints?: { readonly rendezvous?: Uint8Array }) => Promise<whisper.Route>
    >
  >,
  Locked<Fits<typeof status.planInterest, (me: IdentityKey, target: status.ListenTarget) => Promise<whisper.Interest>>>,
  Locked<Fits<typeof status.guaranteeOf, (route: whisper.Route) => status.Guarantee>>,
  Locked<IsDestination<status.Destination>>,
  Locked<IsGuarantee<status.Guarantee>>,
  Locked<IsGuarantee<whisper.Guarantee>>,
  Locked<IsGuarantee<whisper.ReceivedMessage['guarantee']>>,
  Locked<IsArrival<status.Arrival>>,
  Locked<IsArrival<whisper.Arrival>>,
  Locked<IsArrival<whisper.ReceivedMessage['arrival']>>,
  // The rendezvous effect of the security layer is a place where the privacy layer can listen.
  Locked<Fits<Extract<pfs.Effect, { kind: 'rendezvous' }>, status.ListenTarget>>
]

export type SecurityLayer = readonly [
  Locked<IsSealer<pfs.Sealer, pfs.Receipt>>,
  Locked<IsSealer<ReturnType<typeof pfs.createNullSealer>, pfs.Receipt>>,
  Locked<IsAudience<pfs.Audience>>,
  Locked<IsAudience<Extract<data.Outgoing, { reliability: 'best-effort' }>['to'][number]>>,
  Locked<IsEffect<pfs.Effect>>,
  Locked<IsProtection<pfs.Protection>>
]

export type SyncLayer = readonly [
  Locked<
    IsOutput<
      (
        peer: Uint8Array,
        bytes: Uint8Array,
        about: { readonly contains: readonly string[] }
      ) => Promise<'sent' | 'not-sent' | 'held' | 'nobody'>
    >
  >,
  Locked<IsOutcome<'acknowledged' | 'sent' | 'given-up' | 'too-large' | 'nobody'>>,
  Locked<Fits<(peer: Uint8Array) => Promise<number>, sync.MaxBytes>>,
  Locked<
    Fits<
      sync.Sync['enqueue'],
      (item: { readonly peer: Uint8Array; readonly body: Uint8Array; readonly tracking: string }) => Promise<void>
    >
  >,
  Locked<Fits<typeof sync.unwrap, (self: Uint8Array, peer: Uint8Array, bytes: Uint8Array) => sync.Received>>,
  Locked<Fits<sync.Sync['knows'], (peer: Uint8Array, bytes: Uint8Array) => Promise<boolean>>>,
  // A sealed message names its device as sync wants to hear it.
  Locked<
    Fits<
      { readonly device: NonNullable<Extract<pfs.OpenResult, { kind: 'message' }>['device']> },
      NonNullable<Parameters<sync.Sync['receive']>[2]>
    >
  >
]

export type DataLayer = readonly [
  Locked<CanBeJudged<whisper.ReceivedMessage>>,
  Locked<Fits<typeof data.dataLayer, DataLayerSeam>>,
  Locked<IsArrival<data.ReceiveContext['arrival']>>,
  // Reliable messages go to sync, one per recipient; best-effort ones go to the sealer.
  Locked<Fits<Extract<data.Outgoing, { reliability: 'reliable' }>['to'], readonly Uint8Array[]>>,
  Locked<Fits<Extract<data.Outgoing, { reliability: 'best-effort' }>['to'], readonly pfs.Audience[]>>
]

export type Extensions = readonly [
  // The RPC drives any node that is this much of a Whisper node, and signs requests with any identity key.
  Locked<Fits<whisper.Whisper, rpc.WhisperNode>>,
  Locked<Fits<accounts.IdentityKey, NonNullable<rpc.RpcDeps['nodeKey']>>>
]
