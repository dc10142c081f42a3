import type { Composition } from './compose.ts'
import type { Core } from './core.ts'
import type { Sealer } from './pfs-port.ts'
import type { MessageRecord } from './records.ts'
import type { Eraser } from './stores/eraser.ts'
import { createTidying } from './tidying.ts'

type Layers = Pick<Composition, 'outbound' | 'outbox' | 'names'> & {
  readonly sealer: Pick<Sealer, 'tidy'>
  readonly eraser: Eraser
}

const retentionEveryMs = 60_000
const purgeAtOnce = 200

/** What happens by itself: contact code, retention, expired keys, names, and what waits in the outbox. */
export function createUpkeep(core: Core, layers: Layers) {
  let contactCodeAtMs = Number.POSITIVE_INFINITY
  let retentionAtMs = 0
  const tidying = createTidying(core, layers.sealer, layers.eraser)

  const publish = async (): Promise<void> => {
    const outcome = await layers.outbound.post({ kind: 'contact-code', owner: core.self }, new Uint8Array(), {
      ids: [],
      advertisement: true
    })
    // Nobody was there: again soon, as peers look for us when they come.
    const waitMs = outcome.kind === 'sent' ? core.options.contactCodeIntervalMs : 10_000
    contactCodeAtMs = core.clock.nowMs() + waitMs
  }

  const retain = async (): Promise<void> => {
    const { messagesPerChat, messageAgeMs } = core.options
    for (const { chat, count } of core.book.chats()) {
      const excess = count - messagesPerChat
      if (excess > 0) await purge(chat, Number.MAX_SAFE_INTEGER, Math.min(excess, purgeAtOnce))
      if (messageAgeMs > 0) await purge(chat, core.clock.nowMs() - messageAgeMs, purgeAtOnce)
    }
  }

  const purge = (chat: MessageRecord['chat'], upToClock: number, most: number): Promise<number> =>
    core.state.run(async () => {
      const unit = core.store.unit()
      const gone = await core.messages.purge(unit, chat, upToClock, most)
      if (gone > 0) await unit.commit()
      return gone
    })

  return {
    start: (): void => {
      if (core.options.publishContactCode) contactCodeAtMs = core.clock.nowMs() + core.options.contactCodeDelayMs
    },
    publish,
    tick: async (): Promise<void> => {
      const now = core.clock.nowMs()
      await layers.outbox.pump()
      await layers.names.tick()
      await tidying.tick()
      if (now >= contactCodeAtMs) await publish()
      if (now >= retentionAtMs) {
        retentionAtMs = now + retentionEveryMs
        await retain()
      }
    }
  }
}
