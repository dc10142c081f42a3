import { utf8Bytes } from '@status-stack/crypto'
import type { Accepted, DataEffect } from '@status-stack/status-data'
import { createAnnotate, isAnnotation } from './annotate.ts'
import { type Applied, applied, duplicate, refused } from './applied.ts'
import { blankChat } from './book.ts'
import { isCleared, isRetired } from './chat-clock.ts'
import { commandText, createCommands, isTransaction } from './commands.ts'
import type { Core } from './core.ts'
import { createEvictions } from './evictions.ts'
import type { Groups } from './groups.ts'
import { messageIdOf } from './ids.ts'
import { limits } from './limits.ts'
import type { Sealer } from './pfs-port.ts'
import type { DeviceRecord, MessageRecord } from './records.ts'
import type { Unit } from './stores/store.ts'
import type {
  ChatRef,
  DeviceInfo,
  MessageContent,
  MessageId,
  MessageSource,
  PublicKey,
  ShownProtection
} from './types.ts'

/** How a message came. */
export interface Circumstances {
  readonly shown: ShownProtection
  readonly source: MessageSource
  readonly device?: string | undefined
  /** Written long before it came; see `Message.old`. */
  readonly old: boolean
}

export interface ApplyPorts {
  readonly sealer: Pick<Sealer, 'devices'>
  readonly groups: Pick<Groups, 'merge' | 'mayRead'>
  /** A chat or contact appeared: places have to be listened at. Called after the batch is on disk. */
  readonly chatOpened: (chat: ChatRef) => void
  readonly contactChanged: (publicKey: PublicKey) => void
  readonly nameClaimed: (publicKey: PublicKey) => void
}

/** The data layer's chat reference as ours. */
export function refOf(chat: NonNullable<Accepted['chat']>): ChatRef {
  if (chat.kind === 'one-to-one') return { kind: 'one-to-one', publicKey: chat.publicKey }
  return chat.kind === 'public' ? { kind: 'public', name: chat.id } : { kind: 'group', id: chat.id }
}

/** The part of a message that people see. */
interface Shape {
  readonly text: string
  readonly content: MessageContent
  readonly replyTo?: MessageId
  readonly replaces?: MessageId
}

/** What people see of content that needs nothing stored, or `undefined` when there is nothing to see. */
export function visible(content: Accepted['content']): Shape | undefined {
  const reply = 'responseTo' in content && content.responseTo !== undefined && content.responseTo !== ''
  const replyTo = reply && 'responseTo' in content ? { replyTo: content.responseTo ?? '' } : {}
  switch (content.kind) {
    case 'text':
      return { text: content.text, content: { kind: 'text', style: 'plain' }, ...replyTo }
    case 'status':
    case 'emoji':
      return { text: content.text, content: { kind: 'text', style: content.kind }, ...replyTo }
    case 'sticker':
      return {
        text: content.text ?? '',
        content: { kind: 'sticker', hash: content.hash, pack: content.pack },
        ...replyTo
      }
    case 'image':
      return {
        text: content.text ?? '',
        content: { kind: 'image', type: content.format ?? 'png', bytes: content.image },
        ...replyTo
      }
    case 'audio':
      return {
        text: content.text ?? '',
        content: {
          kind: 'audio',
          type: content.format ?? 'aac',
          bytes: content.audio,
          durationMs: content.durationMs ?? 0
        },
        ...replyTo
      }
    case 'unsupported':
      return { text: content.text, content: { kind: 'unsupported', contentType: content.contentType }, ...replyTo }
    default:
      return undefined
  }
}

/** Applies what the data layer accepted to chats, contacts and messages, all staged in one unit. */
export function createApply(core: Core, ports: ApplyPorts) {
  const { book, messages } = core
  const annotate = createAnnotate(core, ports.groups)
  const commands = createCommands(core)
  const evictions = createEvictions(core)

  /** A chat that may take this message now; opens one-to-one chats of people who write first. */
  const openChat = async (unit: Unit, chat: ChatRef, mine: boolean): Promise<Applied> => {
    const known = book.chat(chat, unit)
    if (chat.kind === 'public') return known?.active === true ? applied : refused('chat-unknown')
    if (chat.kind === 'group') return known === undefined ? refused('group-unknown') : applied
    const added = mine || book.contact(chat.publicKey, unit).added
    if (known?.active === true) {
      if (mine && known.request) book.putChat(unit, { ...known, request: false })
      const full = known.request && !mine && known.count >= limits.messagesPerRequest
      return full ? refused('request-full', 'quota', false) : applied
    }
    const request = !added && core.options.messageRequests
    if (request) await evictions.forRequest(unit)
    const opened = request ? { openedMs: core.clock.nowMs() } : {}
    const record = { ...(known ?? blankChat(chat)), active: true, request, ...opened }
    book.putChat(unit, record)
    unit.after(() => ports.chatOpened(chat))
    return applied
  }

  const storeMessage = async (
    unit: Unit,
    accepted: Accepted,
    chat: ChatRef,
    how: Circumstances,
    shape: Shape
  ): Promise<Applied> => {
    const messageId = messageIdOf(accepted.messageId)
    if (await messages.has(messageId, unit)) {
      await messages.weaken(unit, messageId, how.shown)
      return duplicate
    }
    const bytes = shape.content.kind === 'image' || shape.content.kind === 'audio' ? shape.content.bytes.length : 0
    if (bytes > limits.attachmentBytes) return refused('attachment-too-large', 'quota')
    if (chat.kind === 'group' && !ports.groups.mayRead(unit, chat.id, accepted.author)) return refused('not-a-member')
    const record = book.chat(chat, unit)
    // What we write now comes after everything that was deleted, whatever the clocks say.
    if (record !== undefined && how.source !== 'local') {
      const nowMs = core.clock.nowMs()
      if (isCleared(record, accepted.clock, nowMs)) return refused('chat-deleted')
      // Our own housekeeping is no reason to tell the sender that it was handled.
      if (isRetired(record, accepted.clock, nowMs)) return refused('retention', 'quota', false)
    }
    const opened = await openChat(unit, chat, accepted.mine)
    if (opened.kind !== 'applied') return opened
    const stored = await messages.add(unit, {
      messageId,
      chat,
      author: accepted.author,
      outgoing: accepted.mine,
      text: shape.text,
      content: shape.content,
      ...(shape.replyTo === undefined ? {} : { replyTo: shape.replyTo }),
      ...(shape.replaces === undefined ? {} : { replaces: shape.replaces }),
      clock: accepted.clock,
      timestampMs: accepted.timestamp,
      storedMs: core.clock.nowMs(),
      protection: how.shown,
      source: how.source,
      ...(how.device === undefined ? {} : { device: how.device }),
      ...(how.old ? { old: true } : {})
    })
    announce(unit, stored)
    return applied
  }

  /** A line for what has become of a transaction, in the place of the line before. */
  const storeCommand = async (unit: Unit, accepted: Accepted, chat: ChatRef, how: Circumstances): Promise<Applied> => {
    const messageId = messageIdOf(accepted.messageId)
    if (await messages.has(messageId, unit)) return duplicate
    const step = await commands.step(unit, accepted, chat)
    if ('kind' in step) return refused(step.reason, 'data', step.final)
    const { command, before } = step
    const outcome = await storeMessage(unit, accepted, chat, how, {
      text: commandText(command),
      content: { kind: 'command', command },
      ...(before === undefined ? {} : { replaces: before.messageId })
    })
    if (outcome.kind === 'applied') commands.stage(unit, messageId, step)
    return outcome
  }

  const announce = (unit: Unit, stored: MessageRecord): void => {
    unit.after(() => core.announce('message', async () => core.emit('message', await messages.view(stored))))
  }

  const contactUpdated = (unit: Unit, effect: Extract<DataEffect, { kind: 'contact-updated' }>): Applied => {
    if (!book.knows(effect.publicKey, unit)) {
      const room = evictions.forStranger(unit)
      if (room.kind !== 'applied') return room
    }
    const contact = book.contact(effect.publicKey, unit)
    if (effect.clock <= contact.profileClock) {
      return effect.clock === contact.profileClock && contact.requestReceived ? duplicate : refused('stale')
    }
    const picture = utf8Bytes(effect.profileImage).length <= limits.pictureBytes ? effect.profileImage : ''
    const ensName = utf8Bytes(effect.ensName).length <= limits.ensNameBytes ? effect.ensName : ''
    const renamed = ensName !== contact.ensName
    book.putContact(unit, {
      ...contact,
      requestReceived: true,
      picture,
      ensName,
      ensClock: effect.clock,
      ensVerified: renamed ? false : contact.ensVerified,
      profileClock: effect.clock,
      seenMs: core.clock.nowMs()
    })
    const chat: ChatRef = { kind: 'one-to-one', publicKey: effect.publicKey }
    // P-28: they added us; that alone shows no chat.
    if (book.chat(chat, unit) === undefined) book.putChat(unit, { ...blankChat(chat), active: false })
    unit.after(() => {
      ports.contactChanged(effect.publicKey)
      if (renamed && ensName !== '') ports.nameClaimed(effect.publicKey)
    })
    return applied
  }

  const nameClaimed = (unit: Unit, effect: Extract<DataEffect, { kind: 'ens-claimed' }>): void => {
    if (!book.knows(effect.publicKey, unit)) return
    const contact = book.contact(effect.publicKey, unit)
    if (effect.ensName === contact.ensName || effect.clock < contact.ensClock) return
    book.putContact(unit, { ...contact, ensName: effect.ensName, ensClock: effect.clock, ensVerified: false })
    unit.after(() => ports.nameClaimed(effect.publicKey))
  }

  const deviceAnnounced = async (
    unit: Unit,
    effect: Extract<DataEffect, { kind: 'device-announced' }>
  ): Promise<Applied> => {
    const devices = await ports.sealer.devices(core.self)
    const device = devices.find(candidate => candidate.installationId === effect.installationId)
    if (device === undefined) return refused('installation-unknown')
    const key = core.keys.device(effect.installationId)
    const known = await unit.get<DeviceRecord>(key)
    if (known?.clock === effect.clock) return duplicate
    if (known !== undefined && known.clock > effect.clock) return refused('stale')
    const { installationId, name, deviceType, clock } = effect
    unit.put(key, { installationId, name, deviceType, clock } satisfies DeviceRecord)
    const info: DeviceInfo = { installationId, own: true, enabled: device.enabled, name, deviceType }
    unit.after(() => core.emit('device', { device: info, change: 'named' }))
    return applied
  }

  const contactSynced = (unit: Unit, effect: Extract<DataEffect, { kind: 'contact-synced' }>): Applied => {
    const contact = book.contact(effect.publicKey, unit)
    if (contact.added && effect.clock === contact.profileClock) return duplicate
    if (contact.added && effect.clock < contact.profileClock) return refused('stale')
    const newer = effect.clock > contact.profileClock
    book.putContact(unit, {
      ...contact,
      added: true,
      picture: newer ? effect.profileImage : contact.picture,
      ensName: newer ? effect.ensName : contact.ensName,
      profileClock: Math.max(contact.profileClock, effect.clock)
    })
    unit.after(() => ports.contactChanged(effect.publicKey))
    return applied
  }

  const publicChatSynced = (unit: Unit, name: string): void => {
    const chat: ChatRef = { kind: 'public', name }
    const known = book.chat(chat, unit)
    if (known?.active === true) return
    book.putChat(unit, { ...(known ?? blankChat(chat)), active: true })
    unit.after(() => ports.chatOpened(chat))
  }

  const applyEffect = async (unit: Unit, accepted: Accepted, effect: DataEffect): Promise<Applied> => {
    switch (effect.kind) {
      case 'group-events':
        return ports.groups.merge(unit, effect.chatId, effect.events, accepted)
      case 'contact-updated':
        return contactUpdated(unit, effect)
      case 'ens-claimed':
        nameClaimed(unit, effect)
        return duplicate
      case 'own-profile':
        return applied
      case 'device-announced':
        return deviceAnnounced(unit, effect)
      case 'contact-synced':
        return contactSynced(unit, effect)
      case 'public-chat-synced':
        publicChatSynced(unit, effect.name)
        return applied
    }
  }

  return {
    /** One accepted message. What it refuses leaves nothing behind (P-15, P-16). */
    apply: async (unit: Unit, accepted: Accepted, how: Circumstances): Promise<Applied> => {
      if (!accepted.mine && book.contact(accepted.author, unit).blocked) return refused('author-blocked')
      let effects: Applied = duplicate
      for (const effect of accepted.effects) {
        const outcome = await applyEffect(unit, accepted, effect)
        if (outcome.kind === 'refused') return outcome
        if (outcome.kind === 'applied') effects = outcome
      }
      const { content } = accepted
      const chat = accepted.chat === undefined ? await commands.chatOf(unit, accepted) : refOf(accepted.chat)
      if (chat === undefined) return effects
      if (isAnnotation(content)) return annotate(unit, accepted, content, chat)
      if (isTransaction(content)) return storeCommand(unit, accepted, chat, how)
      const shape = visible(content)
      return shape === undefined ? effects : storeMessage(unit, accepted, chat, how, shape)
    }
  }
}

export type Apply = ReturnType<typeof createApply>
