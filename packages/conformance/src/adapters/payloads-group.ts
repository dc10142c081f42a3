import type { Group, GroupEvent } from '@status-stack/interface'
import { isWholeGroup, mergeGroup, openEvent, reduceGroup, signEvent } from '@status-stack/status-data/rules'
import { decodePayload } from '@status-stack/status-data/wire'
import { type VectorCase, vectorBytes } from '@status-stack/vectors'
import type { SectionSteps } from '../runner/adapter.ts'
import type { Check } from '../runner/check.ts'
import { identityOf } from './support.ts'

/** What the Go code does is asked for, defects included. */
const rules = 'status-go-0.56.10'

/** The group sections of payloads.json. */
export const groupSections: Readonly<Record<string, SectionSteps>> = {
  membership_event: { reproduce: makeEvent, decode: readEvent },
  group_from_events: { decode: readGroup },
  group_merge: { decode: merge }
}

const typeNames = [
  'UNKNOWN',
  'CHAT_CREATED',
  'NAME_CHANGED',
  'MEMBERS_ADDED',
  'MEMBER_JOINED',
  'MEMBER_REMOVED',
  'ADMINS_ADDED',
  'ADMIN_REMOVED'
]

function makeEvent(vector: VectorCase, check: Check): void {
  const author = identityOf(vector['authorPrivateKey'])
  const { chatId, type } = vector
  const event = { clock: BigInt(vector['clock']), members: vector['members'] ?? [], name: vector['eventName'], type }
  const signed = signEvent(chatId, event, author)
  check.bytes('rawPayload', vector['rawPayload'], signed.bytes.slice(65))
  check.bytes('signature', vector['signature'], signed.bytes.slice(0, 65))
  check.bytes('encoded', vector['encoded'], signed.bytes)
  check.equal('from', vector['from'], signed.author)
}

function readEvent(vector: VectorCase, check: Check): void {
  const event = openEvent(vector['chatId'], vectorBytes(vector['encoded']), rules)
  if (typeof event === 'string') throw new Error(event)
  check.equal('from', vector['from'], event.author)
  check.equal('clock', vector['clock'], String(event.clock))
  check.equal('type', vector['type'], event.type)
  check.equal('typeName', vector['typeName'], typeNames[event.type])
  check.equal('members', vector['members'] ?? [], event.members)
  check.equal('eventName', vector['eventName'], event.name)
}

interface OpenedUpdate {
  readonly chatId: string
  /** Absent when one of them is no event: then the whole update cannot be decoded. */
  readonly events: readonly GroupEvent[] | undefined
  readonly hasChatMessage: boolean
}

function openUpdate(bytes: Uint8Array): OpenedUpdate {
  const payload = decodePayload(3, bytes)
  if (payload.name !== 'membership-update') throw new Error('type 3 is a membership update')
  const { chatId, events, message } = payload.message
  const opened = events.map(event => openEvent(chatId, event, rules))
  const whole = opened.filter(event => typeof event !== 'string')
  return {
    chatId,
    events: whole.length === opened.length ? whole : undefined,
    hasChatMessage: message !== undefined
  }
}

function readGroup(vector: VectorCase, check: Check): void {
  const { chatId, events, hasChatMessage } = openUpdate(vectorBytes(vector['protobuf']))
  check.equal('chatId', vector['chatId'], chatId)
  check.equal('hasChatMessage', vector['hasChatMessage'], hasChatMessage)
  const result = events === undefined ? 'decode-error' : isWholeGroup(chatId, events) ? 'ok' : 'invalid'
  check.equal('result', vector['result'], result)
  if (events === undefined) return
  const listed = events.map(({ author, clock, members, name, type }) => {
    return { from: author, clock: String(clock), members, name, type: typeNames[type] }
  })
  check.equal('events', vector['events'] ?? [], listed)
  if (result === 'ok') checkGroup(vector, reduceGroup(chatId, events, rules).state, check)
}

function checkGroup(vector: VectorCase, { name, members, joined, admins, lastClock }: Group, check: Check): void {
  check.equal('group', vector['group'], { name, members, joined, admins, lastClock: String(lastClock) })
}

function merge(vector: VectorCase, check: Check): void {
  const existing = openUpdate(vectorBytes(vector['existing']))
  const received = openUpdate(vectorBytes(vector['received']))
  check.equal('chatId', vector['chatId'], received.chatId)
  if (existing.events === undefined || received.events === undefined) throw new Error('an update cannot be decoded')
  const merged = mergeGroup(received.chatId, existing.events, received.events, rules)
  check.equal('result', vector['result'], merged.kind === 'merged' ? 'ok' : `${merged.of}-invalid`)
  if (merged.kind !== 'merged') return
  check.equal('mergedCount', vector['mergedCount'], merged.events.length)
  checkGroup(vector, merged.state, check)
}
