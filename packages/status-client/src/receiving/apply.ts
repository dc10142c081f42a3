import type { Accepted } from '@status-stack/interface'
import { type Core, isSelf } from '../composition/core.ts'
import { chatIdOf, messageIdOf } from '../ids.ts'
import type { MergedGroup } from '../people/groups.ts'
import type { Unit } from '../storage/stores/store.ts'
import type { PublicKey } from '../types.ts'
import { createApplyAnnotation, isCopy } from './apply-annotation.ts'
import { type ApplyResult, duplicate, type RefusedMessage, refusedBy } from './apply-result.ts'
import { createEvictions } from './evictions.ts'
import { chatIdAs, createKnown } from './known.ts'
import { createPaymentRequests, isTransaction } from './payment-requests.ts'
import { createQuotas } from './rate-limit.ts'
import { type ApplyPorts, type Circumstances, stage } from './staging.ts'
import { refOf } from './visible.ts'

/**
 * Has the data layer judge what it accepted by what is stored, and stages what it answers in chats, contacts and messages, all in one
 * unit.
 */
export function createApply(core: Core, ports: ApplyPorts) {
  const { chatCache, messages, data } = core
  const commands = createPaymentRequests(core)
  const evictions = createEvictions(core)
  const quotas = createQuotas(core)
  const staging = { core, ports, evictions, commands, annotate: createApplyAnnotation(core) }
  const known = createKnown(core, { sealer: ports.sealer, groups: ports.groups, evictions, quotas })

  /** Our own transactions from another device name no chat: it is that of the line they answer. */
  const located = async (unit: Unit, accepted: Accepted): Promise<Accepted> => {
    if (accepted.chat !== undefined) return accepted
    const ref = await commands.chatOf(unit, accepted)
    if (ref?.kind !== 'one-to-one') return accepted
    return { ...accepted, chat: { kind: 'one-to-one', id: chatIdOf(ref), publicKey: ref.publicKey } }
  }

  const mergedWith = async (unit: Unit, { effects }: Accepted): Promise<MergedGroup | RefusedMessage | undefined> => {
    const effect = effects.find(({ kind }) => kind === 'group-events')
    if (effect?.kind !== 'group-events') return undefined
    const merged = await ports.groups.merge(unit, effect.chatId, effect.events)
    return merged.kind === 'merged' ? merged : refusedBy({ reason: merged.reason, final: true })
  }

  return {
    /** One accepted message. What is refused leaves nothing behind (P-15, P-16). */
    apply: async (unit: Unit, received: Accepted, how: Circumstances): Promise<ApplyResult> => {
      const accepted = await located(unit, received)
      const { author, fromSelf, content } = accepted
      if (isTransaction(content) && accepted.chat === undefined) return duplicate
      const messageId = messageIdOf(accepted.messageId)
      const local = how.source === 'local'
      // The clock of what is written here and now is the chat's next one, so that there is none of the same id.
      const seen = !local && (await messages.has(messageId, unit))
      const isClosed = seen || (!fromSelf && chatCache.contact(author, unit).blocked)
      const merged = isClosed ? undefined : await mergedWith(unit, accepted)
      if (merged?.kind === 'refused') return merged
      const command = isTransaction(content)
        ? await commands.known(unit, content, chat => chatIdAs(chat, accepted.chat))
        : undefined
      const sender = how.sender ?? author
      const about = { local, counted: how.counted === true, sender, seen, merged, transaction: command?.transaction }
      const facts = await known(unit, accepted, about)
      const admitted = data.admit(accepted, facts)
      if (admitted.kind === 'refused') {
        if (admitted.reason === 'stale' && isCopy(accepted, facts)) return duplicate
        if (admitted.reason !== 'duplicate') return refusedBy(admitted)
        if (seen) await messages.weaken(unit, messageId, how.shown)
        return duplicate
      }
      const chat = accepted.chat === undefined ? undefined : refOf(accepted.chat)
      const outcome = await stage(staging, unit, { accepted, how, chat, merged, command }, admitted)
      // What leaves nothing behind costs its author nothing: others can send copies of it, too.
      if (outcome.kind === 'applied' && admitted.quota !== undefined) quotas.set(sender, admitted.quota)
      return outcome
    },
    /** Counts bytes that are no message, which their sender alone can have made. False when the sender has used up the quota. */
    spend: (sender: PublicKey): boolean => isSelf(core, sender) || quotas.spend(sender),
    /** Settles when what follows a committed unit is stored, too. */
    settled: ports.groups.settled
  }
}

export type Apply = ReturnType<typeof createApply>
