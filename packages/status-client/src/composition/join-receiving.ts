import { isStackError, type ReceivedMessage, type SecurityLayer, type SyncLayer } from '@status-stack/interface'
import type { History } from '../listening/history.ts'
import type { ListenTargets } from '../listening/listen-targets.ts'
import { targetKey } from '../listening/subscriptions.ts'
import type { EnsNames } from '../people/ens.ts'
import type { Groups } from '../people/groups.ts'
import { type Apply, createApply } from '../receiving/apply.ts'
import { createDeliveryLanes } from '../receiving/delivery-lanes.ts'
import { createInbound, type Inbound } from '../receiving/inbound.ts'
import type { Effects } from '../receiving/session-effects.ts'
import type { PublicKey } from '../types.ts'
import type { Core } from './core.ts'
import { tracedDeliveries, tracedJudge, tracedOpen, tracedReceive } from './tracing.ts'

export interface ReceivingPorts<Receipt> {
  readonly sealer: SecurityLayer<Receipt>
  readonly sync: Pick<SyncLayer, 'receive' | 'knows' | 'accept' | 'peerActive'>
  readonly sessionEffects: Effects
  readonly groups: Groups
  readonly listenTargets: Pick<ListenTargets, 'chatChanged' | 'contactChanged' | 'groupOf'>
  readonly ens: Pick<EnsNames, 'claimed'>
  readonly history: Pick<History<unknown>, 'missed'>
  readonly sampleClock: (author: PublicKey, timestampMs: number) => void
}

/** The way in: a message that arrived is opened, unwrapped, judged and stored. */
export interface Receiving {
  /** Judges and stages a message that was decoded or written here. */
  readonly apply: Apply
  /** Handles one message at once, whatever waits. False when it could not be stored. */
  readonly deliver: (message: ReceivedMessage) => Promise<boolean>
  /** The same when it is its author's turn. */
  readonly enqueue: (message: ReceivedMessage) => Promise<void>
  readonly inbound: Pick<Inbound, 'idle' | 'resume'>
}

/**
 * One delivery that could not be handled must not stop the subscription. It was not acknowledged: it comes again. Answers whether it was
 * handled as far as it can be: on a disk with room it may be another time.
 */
const guarded =
  (core: Core, handle: (delivery: ReceivedMessage) => Promise<void>) =>
  async (delivery: ReceivedMessage): Promise<boolean> => {
    try {
      await handle(delivery)
      return true
    } catch (error) {
      core.log.error('a delivery could not be handled', { error: String(error) })
      core.emit('refused', { layer: 'data', reason: 'internal', final: false, expected: false })
      return !(isStackError(error) && error.origin === 'environment')
    }
  }

/** The place where a message arrived, as it is listened at. */
const placeOf = ({ arrival }: ReceivedMessage): string =>
  // The name of a rendezvous holds no secret.
  targetKey(arrival.kind === 'rendezvous' ? { ...arrival, secret: new Uint8Array() } : arrival)

export function joinReceiving<Receipt>(core: Core, ports: ReceivingPorts<Receipt>): Receiving {
  const { sealer, sync, groups, listenTargets } = ports
  const apply = createApply(core, {
    sealer,
    groups,
    chatOpened: chat => core.background.run('chat places', () => listenTargets.chatChanged(chat)),
    contactChanged: publicKey => core.background.run('contact places', () => listenTargets.contactChanged(publicKey)),
    nameClaimed: ports.ens.claimed
  })
  // With sending through sync off, payloads of others are still unwrapped and acknowledged (D-18).
  const inbound = createInbound<Receipt>(core, {
    sealer: { confirm: sealer.confirm, open: tracedOpen(core, sealer.open) },
    applyEffects: ports.sessionEffects.apply,
    sync: { ...sync, receive: tracedReceive(core, sync.receive) },
    decode: core.data.decode,
    apply,
    groupEvents: groups.knownEvents,
    observe: judge => tracedJudge(core, judge),
    sampleClock: ports.sampleClock,
    ownEnvelopeArchived: (hash, server) => core.background.run('archived', () => core.deliveries.archived(hash, server))
  })
  // Nobody sends it again in a public chat, and a person who writes once does not either: an archive has it.
  const missed = (delivery: ReceivedMessage): void => ports.history.missed(placeOf(delivery))
  const deliver = guarded(core, tracedDeliveries(core, inbound.handle))
  const lanes = createDeliveryLanes(core, {
    handle: async delivery => {
      if (!(await deliver(delivery))) missed(delivery)
    },
    lost: (delivery, lane) => {
      const { signer } = delivery
      missed(delivery)
      const author = signer === undefined ? {} : { author: signer }
      core.emit('refused', { layer: 'quota', reason: `${lane}-busy`, final: false, expected: false, ...author })
    },
    groupOf: listenTargets.groupOf
  })
  return {
    apply,
    deliver,
    enqueue: lanes.push,
    inbound: {
      idle: async () => {
        await lanes.idle()
        await inbound.idle()
      },
      resume: async () => {
        await groups.resume()
        await inbound.resume()
      }
    }
  }
}
