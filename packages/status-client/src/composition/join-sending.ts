import type { PrivacyLayer, Scheduler, SecurityLayer, SyncLayer } from '@status-stack/interface'
import { delay, withTimeout } from '@status-stack/utils'
import type { History } from '../listening/history.ts'
import type { ListenTargets } from '../listening/listen-targets.ts'
import type { Apply } from '../receiving/apply.ts'
import { createOutbox, type Outbox } from '../sending/outbox.ts'
import type { Poster } from '../sending/post.ts'
import { createMessageSender, type MessageSender } from '../sending/send-message.ts'
import { type Core, isSelf } from './core.ts'

/** A slow mailserver does not keep a first message back for longer. */
const lookupMs = 5000

export interface SendingPorts {
  readonly apply: Apply
  readonly sealer: Pick<SecurityLayer, 'devices'>
  readonly sync: Pick<SyncLayer, 'enqueue'>
  readonly poster: Pick<Poster, 'post'>
  readonly privacy: Pick<PrivacyLayer, 'connected' | 'peers'>
  readonly listenTargets: Pick<ListenTargets, 'chatChanged'>
  readonly history: Pick<History<unknown>, 'settled'>
  readonly scheduler: Scheduler
}

/** The way out: a message is made and stored, and the outbox hands it to sync or posts it. */
export interface Sending {
  readonly outbox: Outbox
  readonly messageSender: MessageSender
}

export function joinSending(core: Core, ports: SendingPorts): Sending {
  const { apply, sealer, privacy, scheduler } = ports
  const outbox = createOutbox(core, {
    poster: ports.poster,
    enqueue: item => ports.sync.enqueue(item),
    connected: () => privacy.connected(),
    rest: ms => delay(scheduler, ms, core.stopping),
    peersConfirm: () => privacy.peers().some(peer => peer.confirmations)
  })
  const messageSender = createMessageSender(core, {
    apply,
    outbox,
    sealer,
    beforeHandOver: async ref => {
      if (ref.kind !== 'one-to-one' || isSelf(core, ref.publicKey)) return
      await ports.listenTargets.chatChanged(ref)
      // SPEC: flows, "First contact": with a mailserver at hand its contact code is looked up first.
      if ((await sealer.devices(ref.publicKey)).length === 0)
        await withTimeout(ports.history.settled(), scheduler, lookupMs)
    }
  })
  return { outbox, messageSender }
}
