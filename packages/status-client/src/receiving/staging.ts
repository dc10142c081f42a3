import type { Accepted, Admitted, SecurityLayer } from '@status-stack/interface'
import type { Core } from '../composition/core.ts'
import { messageIdOf } from '../ids.ts'
import type { MessageSource } from '../message-types.ts'
import { isUnknown, withContact } from '../people/contact-record.ts'
import type { Groups, MergedGroup } from '../people/groups.ts'
import { blankChat } from '../storage/chat-cache.ts'
import type { DeviceRecord } from '../storage/records.ts'
import type { Unit } from '../storage/stores/store.ts'
import type { ChatRef, DeviceInfo, PublicKey, ShownProtection } from '../types.ts'
import { type createApplyAnnotation, isAnnotation } from './apply-annotation.ts'
import { type ApplyResult, applied, duplicate, refusedBy } from './apply-result.ts'
import type { createEvictions } from './evictions.ts'
import {
  commandOf,
  commandText,
  type createPaymentRequests,
  isTransaction,
  type KnownTransaction
} from './payment-requests.ts'
import { type Shape, visible } from './visible.ts'

/** How a message came. */
export interface Circumstances {
  readonly shown: ShownProtection
  readonly source: MessageSource
  readonly device?: string | undefined
  /** Written long before it came; see `Message.old`. */
  readonly old: boolean
  /** It counts against its sender's quota. @default false, as for what we write or ask an archive for */
  readonly counted?: boolean
  /** Who signed for its transport: anyone may hand on what others have said in public. @default its author */
  readonly sender?: PublicKey
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
export interface Judged {
  readonly accepted: Accepted
  readonly how: Circumstances
  readonly chat: ChatRef | undefined
  readonly merged: MergedGroup | undefined
  readonly command: KnownTransaction | undefined
}

/** What staging works on. */
export interface Staging {
  readonly core: Core
  readonly ports: ApplyPorts
  readonly evictions: ReturnType<typeof createEvictions>
  readonly commands: ReturnType<typeof createPaymentRequests>
  readonly annotate: ReturnType<typeof createApplyAnnotation>
}

type Pairing = Extract<Accepted['content'], { kind: 'pair' }>

/** Room for what is new; what is refused for want of it leaves nothing behind. */
async function makeRoom(
  { core: { data }, evictions }: Staging,
  unit: Unit,
  { accepted, merged }: Judged,
  admitted: Admitted
): Promise<ApplyResult> {
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

function stageContacts(
  { core, ports }: Staging,
  unit: Unit,
  { accepted }: Judged,
  { contact, syncedContact }: Admitted
): void {
  const { chatCache, data } = core
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

function openChat({ core, ports }: Staging, unit: Unit, chat: ChatRef, isRequest: boolean): void {
  const { chatCache } = core
  const { leftMs: _, ...before } = chatCache.chat(chat, unit) ?? blankChat(chat)
  const opened = isRequest ? { openedMs: core.clock.nowMs() } : {}
  chatCache.putChat(unit, { ...before, active: true, request: isRequest, ...opened })
  unit.after(() => ports.chatOpened(chat))
}

async function stageChat(
  staging: Staging,
  unit: Unit,
  judged: Judged,
  { createsChat, as }: Admitted,
  says: boolean
): Promise<void> {
  const { chatCache } = staging.core
  const { accepted, chat, merged } = judged
  if (chat?.kind === 'group') {
    const inviter = createsChat === undefined || accepted.fromSelf ? undefined : accepted.author
    if (merged !== undefined && (merged.changed || createsChat !== undefined)) {
      await staging.ports.groups.stage(unit, chat.id, merged, inviter)
    }
    return
  }
  if (chat === undefined) return
  // P-28: they added us; that alone shows no chat.
  if (createsChat === 'inactive') return chatCache.putChat(unit, { ...blankChat(chat), active: false })
  if (createsChat === 'active') return openChat(staging, unit, chat, as === 'request')
  const record = chatCache.chat(chat, unit)
  if (says && as === 'message' && record?.request === true) chatCache.putChat(unit, { ...record, request: false })
}

async function stageMessage(
  core: Core,
  unit: Unit,
  { accepted, how }: Judged,
  chat: ChatRef,
  shape: Shape
): Promise<void> {
  const { messages } = core
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

async function stageDevice(
  { core, ports }: Staging,
  unit: Unit,
  { content: { installationId, name, deviceType }, clock }: { content: Pairing; clock: number }
): Promise<void> {
  unit.put(core.keys.device(installationId), { installationId, name, deviceType, clock } satisfies DeviceRecord)
  const devices = await ports.sealer.devices(core.self)
  const enabled = devices.find(device => device.installationId === installationId)?.enabled ?? false
  const device: DeviceInfo = { installationId, own: true, enabled, name, deviceType }
  unit.after(() => core.emit('device', { device, change: 'named' }))
}

/** A line for what has become of a transaction, in the place of the line before. */
function shapeOf(data: Core['data'], { accepted, command }: Judged, { transaction }: Admitted): Shape | undefined {
  const { content, author } = accepted
  if (!isTransaction(content)) return visible(content)
  if (transaction === undefined) return undefined
  const shown = commandOf(data, transaction, author, content)
  const replaces = command === undefined ? {} : { replaces: command.line.messageId }
  return { text: commandText(shown), content: { kind: 'command', command: shown }, ...replaces }
}

/**
 * Stages what the data layer answered about one message: in chats, contacts and messages, all in one unit. What is refused for want of room
 * leaves nothing behind.
 */
export async function stage(staging: Staging, unit: Unit, judged: Judged, admitted: Admitted): Promise<ApplyResult> {
  const { core, commands, annotate } = staging
  const { accepted, chat, merged, command } = judged
  const { content, clock } = accepted
  const shape = chat === undefined ? undefined : shapeOf(core.data, judged, admitted)
  const room = await makeRoom(staging, unit, judged, admitted)
  if (room.kind !== 'applied') return room
  stageContacts(staging, unit, judged, admitted)
  const { ownProfile } = admitted
  if (ownProfile !== undefined) {
    const { ensName, picture, clock: profileClock } = ownProfile
    await core.stageSelf(unit, { ensName, picture, profileClock })
  }
  await stageChat(staging, unit, judged, admitted, shape !== undefined)
  if (chat !== undefined && shape !== undefined) {
    await stageMessage(core, unit, judged, chat, shape)
    const { transaction } = admitted
    if (transaction !== undefined) {
      commands.stage(unit, messageIdOf(accepted.messageId), transaction.id, command?.line)
    }
    return applied
  }
  if (chat !== undefined && isAnnotation(content)) {
    return annotate(unit, chat, { accepted, content, evictsEarly: admitted.evictsEarly })
  }
  switch (content.kind) {
    case 'pair':
      await stageDevice(staging, unit, { content, clock })
      return applied
    case 'sync-public-chat': {
      const room: ChatRef = { kind: 'public', name: content.name }
      const { active = false, leftMs = 0 } = core.chatCache.chat(room, unit) ?? {}
      // A device that was away for long brings what we have left since.
      const isOvertaken = clock <= leftMs && core.data.clocks.isPossible(leftMs, core.clock.nowMs())
      if (!active && isOvertaken) return duplicate
      if (!active) openChat(staging, unit, room, false)
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
