import type { SyncLayer } from '@status-stack/interface'
import type { Core } from '../composition/core.ts'
import { callerError } from '../errors.ts'
import type { DeliveryState } from '../ledger-types.ts'
import type { MessageId, PublicKey } from '../types.ts'
import type { Outbox } from './outbox.ts'

/** Gives a message up for everyone it has not reached. @throws ClientError `unknown-message` */
export async function cancelMessage(
  core: Pick<Core, 'deliveries' | 'bodies'>,
  { outbox, sync }: { readonly outbox: Pick<Outbox, 'cancel'>; readonly sync: Pick<SyncLayer, 'cancel'> },
  messageId: MessageId
): Promise<void> {
  const entry = await core.deliveries.read(messageId)
  if (entry === undefined) throw callerError('unknown-message', 'nothing is on record of such a message')
  await outbox.cancel(entry)
  // A crash after this leaves sync with a message that has no bytes, which it gives up.
  await core.bodies.release(messageId)
  await sync.cancel(messageId)
  for (const leg of entry.legs) {
    if (leg.state === 'acknowledged' || leg.state === 'given-up') continue
    await core.deliveries.note(messageId, { recipient: leg.recipient, state: 'given-up', reason: 'cancelled' })
  }
}

/** States of a message that has not left for somebody. */
const unsent: ReadonlySet<DeliveryState> = new Set<DeliveryState>(['queued', 'held', 'retrying'])

/** Gives a message of ours up for those to whom it has not been sent. Others may have it. */
export async function cancelUnsent(
  core: Pick<Core, 'deliveries' | 'bodies'>,
  layers: { readonly outbox: Pick<Outbox, 'cancel'>; readonly sync: Pick<SyncLayer, 'cancel'> },
  messageId: MessageId
): Promise<void> {
  const { legs = [] } = (await core.deliveries.read(messageId)) ?? {}
  const waiting = legs.filter(({ state, attempts }) => attempts === 0 && unsent.has(state))
  if (waiting.length === 0) return
  if (waiting.length === legs.length) return cancelMessage(core, layers, messageId)
  for (const { recipient } of waiting) {
    if (recipient === undefined) continue
    await core.bodies.release(messageId, recipient)
    await layers.sync.cancel(messageId, recipient)
    await core.deliveries.note(messageId, { recipient, state: 'given-up', reason: 'cancelled' })
  }
}

/** Gives up everything that waits for one person, and tells nobody: they are being blocked. */
export async function cancelAllFor(
  core: Pick<Core, 'deliveries' | 'bodies'>,
  sync: Pick<SyncLayer, 'cancel'>,
  person: PublicKey
): Promise<void> {
  for (const messageId of await core.deliveries.pendingFor(person)) {
    await core.bodies.release(messageId, person)
    await sync.cancel(messageId, person)
  }
}
