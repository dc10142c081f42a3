import { equalBytes } from '@status-stack/crypto'
import type { Accepted, Known, KnownTarget, SecurityLayer, Transaction } from '@status-stack/interface'
import { type Core, isSelf } from '../composition/core.ts'
import { chatTagOf } from '../ids.ts'
import { contactOf } from '../people/contact-record.ts'
import type { Groups, MergedGroup } from '../people/groups.ts'
import type { DeviceRecord, SelfRecord } from '../storage/records.ts'
import type { Unit } from '../storage/stores/store.ts'
import type { ChatRef, PublicKey } from '../types.ts'
import { isAnnotation, noteOf } from './apply-annotation.ts'
import type { Evictions } from './evictions.ts'
import type { Quotas } from './rate-limit.ts'
import { refOf } from './visible.ts'

export interface KnownPorts {
  readonly sealer: Pick<SecurityLayer, 'devices'>
  readonly groups: Pick<Groups, 'open'>
  readonly evictions: Evictions
  readonly quotas: Pick<Quotas, 'of' | 'person'>
}

/** What is known about a message before its chat and its author are looked up. */
export interface Arrived {
  /** It was written here and now. */
  readonly local: boolean
  /** It counts against its sender's quota. */
  readonly counted: boolean
  readonly sender: PublicKey
  readonly seen: boolean
  readonly merged?: MergedGroup | undefined
  readonly transaction?: Transaction | undefined
}

/** The fields that have a value. */
function given<T extends object>(fields: { readonly [K in keyof T]?: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>
}

/** The id under which a message names this chat; of another chat one that no message names: a public name is free text. */
export function chatIdAs(chat: ChatRef, named: Accepted['chat']): string {
  return named !== undefined && chatTagOf(refOf(named)) === chatTagOf(chat) ? named.id : `other ${chatTagOf(chat)}`
}

/** What is known of a device of ours that a message names. */
async function deviceIn(
  core: Core,
  sealer: KnownPorts['sealer'],
  unit: Unit,
  { content }: Accepted
): Promise<Partial<Known>> {
  if (content.kind !== 'pair') return {}
  const devices = await sealer.devices(core.self)
  return given<Known>({
    installationKnown: devices.some(({ installationId }) => installationId === content.installationId),
    deviceClock: (await unit.get<DeviceRecord>(core.keys.device(content.installationId)))?.clock
  })
}

/** Our profile, which other devices of ours may change. A clock that no message can have had yet was set under a wrong time. */
async function profileIn({ keys, clock, data, profile }: Core, unit: Unit): Promise<Partial<Known>> {
  const { profileClock } = (await unit.get<SelfRecord>(keys.self)) ?? profile()
  return { ownProfileClock: data.clocks.isPossible(profileClock, clock.nowMs()) ? profileClock : 0 }
}

/** Gathers what is stored, and staged, about the things that a message touches: what the data layer judges it by. */
export function createKnown(core: Core, { sealer, groups, evictions, quotas }: KnownPorts) {
  const { chatCache, messages } = core

  const person = (unit: Unit, publicKey: PublicKey) =>
    chatCache.knows(publicKey, unit) ? contactOf(chatCache.contact(publicKey, unit)) : undefined

  const chat = (unit: Unit, ref: ChatRef, author: PublicKey, local: boolean): Partial<Known> => {
    const record = chatCache.chat(ref, unit)
    const direct = chatCache.chat({ kind: 'one-to-one', publicKey: author }, unit)
    return given<Known>({
      chat: record && {
        active: record.active,
        // What we write now comes after everything that was deleted, whatever the clocks say.
        deletedAtClock: local ? 0 : record.deletedAtClock,
        trimmedAtClock: local ? 0 : (record.trimmedAtClock ?? 0),
        // In the chats of many it is the author whom we know, or not.
        answered:
          ref.kind === 'one-to-one' ? record.active && !record.request : direct?.active === true && !direct.request
      },
      requests: direct === undefined ? undefined : { open: direct.active && direct.request, messages: direct.count },
      // Only a chat that is opened for a stranger can make another one go.
      requestsWaiting: ref.kind === 'one-to-one' && record?.active !== true ? evictions.requests(unit) : undefined,
      invitations: ref.kind === 'group' && record === undefined ? evictions.invitations(unit, author) : undefined,
      messageRequests: core.options.messageRequests
    })
  }

  const annotation = async (unit: Unit, accepted: Accepted): Promise<Partial<Known>> => {
    const { content } = accepted
    if (!isAnnotation(content) || accepted.chat === undefined) return {}
    const note = noteOf(accepted, content)
    const target = await messages.record(content.messageId, unit)
    return given<Known>({
      [content.kind === 'reaction' ? 'reactionClock' : 'annotationClock']: await messages.noteClock(
        unit,
        content.messageId,
        note
      ),
      annotations: await messages.annotations(unit, refOf(accepted.chat), content.messageId, note),
      target: target && {
        author: target.author,
        clock: target.clock,
        chatId: chatIdAs(target.chat, accepted.chat),
        deleted: target.deleted,
        system: target.content.kind === 'system',
        ...(given<KnownTarget>({ editClock: target.editClock }) as Pick<KnownTarget, 'editClock'>)
      }
    })
  }

  return async (unit: Unit, accepted: Accepted, arrived: Arrived): Promise<Known> => {
    const { author, content } = accepted
    const { seen, counted, sender, merged, transaction, local } = arrived
    if (seen) return { self: core.self, seen, ...given<Known>({ contact: person(unit, author) }) }
    const ref = accepted.chat === undefined ? undefined : refOf(accepted.chat)
    const group = ref?.kind === 'group' ? (merged?.state ?? (await groups.open(ref.id, unit))) : undefined
    return {
      self: core.self,
      nowMs: core.clock.nowMs(),
      counted: counted && !isSelf(core, sender),
      ...(ref === undefined ? {} : chat(unit, ref, author, local)),
      ...(await annotation(unit, accepted)),
      ...(await deviceIn(core, sealer, unit, accepted)),
      ...(content.kind === 'contact-update' && accepted.fromSelf && !local ? await profileIn(core, unit) : {}),
      ...given<Known>({
        contact: person(unit, author),
        syncedContact: content.kind === 'sync-contact' ? person(unit, content.publicKey) : undefined,
        group,
        groupChanged: merged?.changed,
        transaction,
        // Only a person who is recorded for the first time can make another one go.
        strangers: ref?.kind === 'one-to-one' && !chatCache.knows(author, unit) ? evictions.strangers(unit) : undefined,
        sender: equalBytes(sender, author) ? undefined : quotas.person(sender),
        quota: quotas.of(sender)
      })
    }
  }
}
