import type { Audience } from '@status-stack/interface'
import { MemoryLevel } from 'memory-level'
import { createBackground } from '../../src/composition/background.ts'
import type { Core } from '../../src/composition/core.ts'
import { createOutbox, type OutboxPorts } from '../../src/sending/outbox.ts'
import type { PostOutcome } from '../../src/sending/post.ts'
import { recipientOf } from '../../src/sending/recipients.ts'
import type { OutboxRecord } from '../../src/storage/records.ts'
import { inside } from './core.ts'
import { counted } from './counted-reads.ts'
import { keyOf } from './world.ts'

const chat = { kind: 'public', name: 'test' } as const
export const idOf = (index: number): string => `0x${index.toString(16).padStart(64, '0')}`

interface Posted {
  readonly id: string
  readonly to: Audience
  readonly confirm: (confirmed: boolean) => void
}

/** An outbox over a memory store whose posts are counted and confirmed by hand. */
export async function outboxOf(ports: Partial<OutboxPorts> = {}) {
  const { database, during } = counted(new MemoryLevel())
  const { core, forward, failures } = await inside({}, database)
  const ending = new AbortController()
  const posts: Posted[] = []
  const post = async (to: Audience, _bytes: Uint8Array, about: { readonly ids: readonly string[] }) => {
    const confirmed = new Promise<boolean>(resolve => {
      posts.push({ id: about.ids[0] ?? '', to, confirm: resolve })
    })
    const posted = { hash: new Uint8Array(32), expiry: 0, sentTo: ['peer'], confirmations: (async function* () {})() }
    return { kind: 'sent', posted, confirmed } satisfies PostOutcome
  }
  const untracked = createBackground((_what, error) => failures.push(error))
  const shared: Core = { ...core, untracked, stopping: ending.signal }
  const outbox = createOutbox(shared, {
    poster: { post },
    connected: () => true,
    rest: async () => {},
    peersConfirm: () => true,
    enqueue: async () => {},
    ...ports
  })
  let made = 0
  const queue = async (count: number, via?: OutboxRecord['via']): Promise<void> => {
    const unit = core.store.unit()
    for (let each = 0; each < count; each += 1) {
      made += 1
      const record: OutboxRecord = {
        messageId: idOf(made),
        chat,
        queuedMs: made,
        via: via ?? { kind: 'once', audiences: [{ kind: 'public', name: 'test' }], attempts: 0, nextMs: 0 }
      }
      const audiences = record.via.kind === 'once' ? record.via.audiences : []
      const to = audiences.length === 0 ? [undefined] : audiences.map(audience => recipientOf(audience, core.self))
      core.deliveries.open(unit, { messageId: record.messageId, chat, queuedMs: made }, to)
      core.bodies.stage(unit, record.messageId, keyOf('body'), via?.kind === 'sync' ? via.peers : [])
      outbox.stage(unit, record)
    }
    await unit.commit()
  }
  const left = async (): Promise<number> => {
    let count = 0
    for (const kind of ['sync', 'once'] as const)
      for await (const _ of core.store.keys(core.keys.outboxOf(kind))) count += 1
    return count
  }
  /** What confirmations set off is done: it takes turns of the loop, and no time. */
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) {
      await new Promise(resolve => setImmediate(resolve))
      await core.background.idle()
    }
  }
  /** Every post that is not confirmed yet is, until nothing is posted any more. */
  const confirmAll = async (confirmed = true): Promise<void> => {
    for (let done = 0; done < posts.length; ) {
      for (; done < posts.length; done += 1) posts[done]?.confirm(confirmed)
      await settled()
    }
  }
  return {
    core,
    outbox,
    posts,
    post,
    queue,
    left,
    confirmAll,
    settled,
    forward,
    during,
    failures,
    stop: () => ending.abort()
  }
}
