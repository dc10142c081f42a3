import type { Accepted, Admitted, SecurityLayer } from '@status-stack/interface'
import { type Core, isSelf } from '../composition/core.ts'
import { chatIdOf, messageIdOf } from '../ids.ts'
import { isUnknown, withContact } from '../people/contact-record.ts'
import type { Groups, MergedGroup } from '../people/groups.ts'
import { blankChat } from '../storage/chat-cache.ts'
import type { DeviceRecord } from '../storage/records.ts'
import type { Unit } from '../storage/stores/store.ts'
import type { ChatRef, DeviceInfo, MessageSource, PublicKey, ShownProtection } from '../types.ts'
import { createApplyAnnotation, isAnnotation, isCopy } from './apply-annotation.ts'
import { type ApplyResult, applied, duplicate, type RefusedMessage, refusedBy } from './apply-result.ts'
import { createEvictions } from './evictions.ts'
import { chatIdAs, createKnown } from './known.ts'
import {
  commandOf,
  commandText,
  createPaymentRequests,
  isTransaction,
  type KnownTransaction
} from './payment-requests.ts'
import { createQuotas } from './rate-limit.ts'
import { refOf, type Shape, visible } from './visible.ts'

/** How a message came. */
export interface Circumstances {
  readonly shown: ShownProtection
  readonly source: MessageSource
  readonly device?: string | undefined
  /** Written long before it came; see `Message.old`. */
  readonly old: boolean
  /** It counts against its author's quota. @default false, as for what we write or ask an archive for */
  readonly counted?: boolean
}

export interface ApplyPorts {
  readonly sealer: Pick<SecurityLayer, 'devices'>
  readonly groups: Pick<Groups, 'merge' | 'stage' | 'open' | 'settled'>
  /** A chat or contact appeared: places have to be listened at. Called after the batch is on disk. */
  readonly chatOpened: (chat: ChatRef) => void
  readonly contactChanged: (publicKey: PublicKey) => void
  readonly nameClaimed: (publicKey: PublicKey) => void
}

/** A message with what was looked up for it. */
interface Judged {
  readonly accepted: Accepted
  readonly how: Circumstances
  readonly chat: ChatRef | undefined
  readonly merged: MergedGroup | undefined
  readonly command: KnownTransaction | undefined
}

/**
 * Has the data layer judge what it accepted by what is stored, and stages what it answers in chats, contacts and messages, all in one
 * unit.
 */
export function createApply(core: Core, ports: ApplyPorts) {
  const { chatCache, messages, data } = core
  const annotate = createApplyAnnotation(core)
  const commands = createPaymentRequests(core)
  const evictions = createEvictions(core)
  const quotas = createQuotas(core)
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

  /** Room for what is new; what is refused for want of it leaves nothing behind. */
  const makeRoom = async (unit: Unit, { accepted, merged }: Judged, admitted: Admitted): Promise<ApplyResult> => {
    const { author, fromSelf, content } = accepted
    const isNewGroup = merged !== undefined && admitted.createsChat !== undefined && !fromSelf
    if (isNewGroup && !evictions.mayInvite(unit, author)) {
      return refusedBy({ reason: 'group-invitation-quota', final: false })
    }
    if (admitted.evictsStranger === true && admitted.contact !== undefined && !isUnknown(data, admitted.contact)) {
      const hasRoom = await evictions.forStranger(unit)
      if (!hasRoom && content.kind === 'contact-update') return refusedBy({ reason: 'stranger-quota', final: false })
    }
    if (admitted.evictsRequest) await evictions.forRequest(unit)
    if (admitted.evictsInvitation === true) await evictions.forInvitation(unit)
    return applied
  }

  const stageContacts = (unit: Unit, { accepted }: Judged, { contact, syncedContact }: Admitted): void => {
    const { author, content } = accepted
    const before = chatCache.contact(author, unit)
    // What says nothing about a stranger takes no room of those of whom there is something to say.
    const isKept = contact !== undefined && (chatCache.knows(author, unit) || !isUnknown(data, contact))
    if (isKept) {
      chatCache.putContact(unit, { ...withContact(before, contact), seenMs: core.clock.nowMs() })
      unit.after(() => {
        if (content.kind === 'contact-update') ports.contactChanged(author)
        if (contact.ensName !== before.ensName && contact.ensName !== '') ports.nameClaimed(author)
      })
    }
    if (syncedContact === undefined || content.kind !== 'sync-contact') return
    const { publicKey } = content
    chatCache.putContact(unit, withContact(chatCache.contact(publicKey, unit), syncedContact))
    unit.after(() => ports.contactChanged(publicKey))
  }

  const openChat = (unit: Unit, chat: ChatRef, isRequest: boolean): void => {
    const before = chatCache.chat(chat, unit) ?? blankChat(chat)
    const opened = isRequest ? { openedMs: core.clock.nowMs() } : {}
    chatCache.putChat(unit, { ...before, active: true, request: isRequest, ...opened })
    unit.after(() => ports.chatOpened(chat))
  }

  const stageChat = async (unit: Unit, judged: Judged, { createsChat, as }: Admitted, says: boolean): Promise<void> => {
    const { accepted, chat, merged } = judged
    if (chat?.kind === 'group') {
      const inviter = createsChat === undefined || accepted.fromSelf ? undefined : accepted.author
      if (merged !== undefined && (merged.changed || createsChat !== undefined)) {
        await ports.groups.stage(unit, chat.id, merged, inviter)
      }
      return
    }
    if (chat === undefined) return
    // P-28: they added us; that alone shows no chat.
    if (createsChat === 'inactive') return chatCache.putChat(unit, { ...blankChat(chat), active: false })
    if (createsChat === 'active') return openChat(unit, chat, as === 'request')
    const record = chatCache.chat(chat, unit)
    if (says && as === 'message' && record?.request === true) chatCache.putChat(unit, { ...record, request: false })
  }

  const stageMessage = async (unit: Unit, { accepted, how }: Judged, chat: ChatRef, shape: Shape): Promise<void> => {
    const { text, content, replyTo, replaces } = shape
    const stored = await messages.add(unit, {
      messageId: messageIdOf(accepted.messageId),
      chat,
      author: accepted.author,
      outgoing: accepted.fromSelf,
      text,
      content,
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(replaces === undefined ? {} : { replaces }),
      clock: accepted.clock,
      timestampMs: accepted.timestamp,
      storedMs: core.clock.nowMs(),
      protection: how.shown,
      source: how.source,
      ...(how.device === undefined ? {} : { device: how.device }),
      ...(how.old ? { old: true } : {})
    })
    unit.after(() => core.announce('message', async () => core.emit('message', await messages.view(stored))))
  }

  const stageDevice = async (
    unit: Unit,
    { content: { installationId, name, deviceType }, clock }: { content: Pairing; clock: number }
  ): Promise<void> => {
    unit.put(core.keys.device(installationId), { installationId, name, deviceType, clock } satisfies DeviceRecord)
    const devices = await ports.sealer.devices(core.self)
    const enabled = devices.find(device => device.installationId === installationId)?.enabled ?? false
    const device: DeviceInfo = { installationId, own: true, enabled, name, deviceType }
    unit.after(() => core.emit('device', { device, change: 'named' }))
  }

  /** A line for what has become of a transaction, in the place of the line before. */
  const shapeOf = ({ accepted, command }: Judged, { transaction }: Admitted): Shape | undefined => {
    const { content, author } = accepted
    if (!isTransaction(content)) return visible(content)
    if (transaction === undefined) return undefined
    const shown = commandOf(data, transaction, author, content)
    const replaces = command === undefined ? {} : { replaces: command.line.messageId }
    return { text: commandText(shown), content: { kind: 'command', command: shown }, ...replaces }
  }

  const stage = async (unit: Unit, judged: Judged, admitted: Admitted): Promise<ApplyResult> => {
    const { accepted, chat, merged, command } = judged
    const { content, clock } = accepted
    const shape = chat === undefined ? undefined : shapeOf(judged, admitted)
    const room = await makeRoom(unit, judged, admitted)
    if (room.kind !== 'applied') return room
    stageContacts(unit, judged, admitted)
    await stageChat(unit, judged, admitted, shape !== undefined)
    if (chat !== undefined && shape !== undefined) {
      await stageMessage(unit, judged, chat, shape)
      const { transaction } = admitted
      if (transaction !== undefined) {
        commands.stage(unit, messageIdOf(accepted.messageId), transaction.id, command?.line)
      }
      return applied
    }
    if (chat !== undefined && isAnnotation(content)) {
      await annotate(unit, accepted, content, chat)
      return applied
    }
    switch (content.kind) {
      case 'pair':
        await stageDevice(unit, { content, clock })
        return applied
      case 'sync-public-chat': {
        const room: ChatRef = { kind: 'public', name: content.name }
        if (chatCache.chat(room, unit)?.active !== true) openChat(unit, room, false)
        return applied
      }
      case 'contact-update':
      case 'sync-contact':
      case 'group-update':
        return applied
      default:
        return merged?.changed === true ? applied : duplicate
    }
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
      const about = { local, counted: how.counted === true, seen, merged, transaction: command?.transaction }
      const facts = await known(unit, accepted, about)
      const admitted = data.admit(accepted, facts)
      if (admitted.kind === 'refused') {
        if (admitted.reason === 'stale' && isCopy(accepted, facts)) return duplicate
        if (admitted.reason !== 'duplicate') return refusedBy(admitted)
        if (seen) await messages.weaken(unit, messageId, how.shown)
        return duplicate
      }
      const chat = accepted.chat === undefined ? undefined : refOf(accepted.chat)
      const outcome = await stage(unit, { accepted, how, chat, merged, command }, admitted)
      // What leaves nothing behind costs its author nothing: others can send copies of it, too.
      if (outcome.kind === 'applied' && admitted.quota !== undefined) quotas.set(author, admitted.quota)
      return outcome
    },
    /** Counts bytes that are no message, which their sender alone can have made. False when the sender has used up the quota. */
    spend: (sender: PublicKey): boolean => isSelf(core, sender) || quotas.spend(sender),
    /** Settles when what follows a committed unit is stored, too. */
    settled: ports.groups.settled
  }
}

type Pairing = Extract<Accepted['content'], { kind: 'pair' }>

export type Apply = ReturnType<typeof createApply>
