import type { Audience } from '@status-stack/interface'
import { createBackground } from '../../src/composition/background.ts'
import { createOutboxEntries } from '../../src/sending/outbox-entries.ts'
import type { PostOutcome } from '../../src/sending/post.ts'
import { createOncePoster, type OncePorts } from '../../src/sending/post-once.ts'
import { recipientOf } from '../../src/sending/recipients.ts'
import type { OutboxRecord } from '../../src/storage/records.ts'
import { inside, somebody } from './core.ts'

export const messageId = `0x${'1'.repeat(64)}`
export const room: Audience = { kind: 'public', name: 'room' }
export const to = (): Audience => ({ kind: 'identity', publicKey: somebody(), reach: 'any-device' })
export const body = Uint8Array.of(1, 2, 3)

/** A poster of what sync does not carry, over a transport that does what the test says; confirmations are given by hand. */
export async function posting(audiences: readonly Audience[] = [room], change: Partial<OncePorts> = {}) {
  const { core, forward, failures } = await inside()
  const stopping = new AbortController()
  const ending = new AbortController()
  const entries = createOutboxEntries(core, () => {})
  const posts: { to: Audience; bytes: Uint8Array; confirm: (confirmed: boolean) => void }[] = []
  const pumps: string[] = []
  const sent = (sentTo: readonly string[] = ['peer']): PostOutcome => ({
    kind: 'sent',
    posted: { hash: new Uint8Array(32), expiry: 0, sentTo, confirmations: (async function* () {})() },
    confirmed: new Promise(resolve => {
      const last = posts.at(-1)
      if (last !== undefined) last.confirm = resolve
    })
  })
  let outcome: (to: Audience) => PostOutcome | Promise<PostOutcome> = () => sent()
  // What is followed goes on for as long as an envelope lives: nobody waits for it.
  const untracked = createBackground((_what, error) => failures.push(error))
  const once = createOncePoster({ ...core, untracked, stopping: stopping.signal }, entries, {
    poster: {
      post: async (audience, bytes) => {
        posts.push({ to: audience, bytes, confirm: () => {} })
        return outcome(audience)
      }
    },
    connected: () => true,
    peersConfirm: () => true,
    isHeld: () => false,
    ending: ending.signal,
    pump: async () => void pumps.push('pump'),
    ...change
  })
  const record: OutboxRecord = {
    messageId,
    chat: { kind: 'public', name: 'room' },
    queuedMs: 1,
    via: { kind: 'once', audiences, attempts: 0, nextMs: 0 }
  }
  const unit = core.store.unit()
  const people = audiences.map(audience => recipientOf(audience, core.self))
  core.deliveries.open(unit, { messageId, chat: record.chat, queuedMs: 1 }, people)
  core.bodies.stage(unit, messageId, body, [])
  entries.put(unit, record)
  await unit.commit()
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) {
      await new Promise(resolve => setImmediate(resolve))
      await core.background.idle()
    }
  }
  return {
    core,
    once,
    posts,
    pumps,
    sent,
    record,
    forward,
    failures,
    ending,
    stopping,
    outcomes: (next: typeof outcome) => {
      outcome = next
    },
    /** The entry as it lies on the disk. */
    left: () => entries.read(record),
    /** The entry is posted again, as it is now. */
    again: async () => once.post((await entries.read(record)) ?? record),
    confirm: async (confirmed: boolean, at = posts.length - 1): Promise<void> => {
      posts[at]?.confirm(confirmed)
      await settled()
    },
    legs: async () => (await core.deliveries.read(messageId))?.legs.map(({ state, reason }) => [state, reason])
  }
}
