import { concatBytes, utf8Bytes } from '@status-stack/crypto'
import type { Chat, Content } from '@status-stack/interface'
import { outgoing } from '@status-stack/status-data'
import { decodeWrapper } from '@status-stack/status-data/wire'
import type { Sealer } from '@status-stack/status-pfs'
import { encodePayload, groupId } from '@status-stack/status-sync'
import { alice, bob, mallory, nowMs } from './people.ts'
import { firstId, ownGroup } from './personal.ts'
import { step } from './scripts.ts'

/** The ways on which a stranger with valid keys reaches a messenger, from the outside to the inside: how much of what is sent is theirs. */
export const ways = {
  /** Any bytes where the person listens: bundles, X3DH headers, ratchet messages. */
  protocol: 0,
  /** The same where contact codes are looked for. */
  contactCode: 1,
  /** The same on the topic that both agreed on. */
  rendezvous: 2,
  /** A payload of sync, sealed as the session has it. */
  sync: 3,
  /** A wrapper in a session, without sync. */
  wrapper: 4,
  /** A payload, its type in front, wrapped and signed, as one message of sync. */
  payload: 5,
  /** The same without sync. */
  unsynced: 6,
  /** The same, to a public chat. */
  public: 7,
  /** The same in a session of another device with our own key. */
  ownDevice: 8
} as const

/** Whether a step goes this way with the type of its payload in front. */
export const isTyped = (code: number): boolean => wayOf(code) >= ways.payload

/** The way of a step, whatever its code. */
export const wayOf = (code: number): number => code % 9

/** A public chat in which all are. */
export const publicChat = 'cats'

const field = (length: number): Uint8Array => new Uint8Array(length).fill(7)
const toBob: Chat = { kind: 'one-to-one', publicKey: bob.publicKey }
const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2)
const aac = Uint8Array.of(0xff, 0xf1, 0x50, 1)

/** A payload with its type in front. */
const typed = (wrapper: Uint8Array): Uint8Array => {
  const { type, payload } = decodeWrapper(wrapper)
  return concatBytes(Uint8Array.of(type), payload)
}

const said = (content: Content, chat: Chat = toBob, lastClock = 0, identity = mallory) =>
  outgoing(chat, content, { identity, nowMs, lastClock })

/** What people say to each other, and about what was said. */
function conversation(way: number): readonly Uint8Array[] {
  const first = said({ kind: 'text', text: 'hello' })
  const messageId = firstId
  const asked = said({ kind: 'request-address', value: '0.5', contract: '' }, toBob, nowMs)
  const id = firstId
  const about: readonly Content[] = [
    { kind: 'text', text: 'and again', replyTo: messageId },
    { kind: 'reaction', messageId, emoji: 'love' },
    { kind: 'edit', messageId, text: 'better' },
    { kind: 'pin', messageId, pinned: true },
    { kind: 'delete', messageId }
  ]
  const others: readonly Content[] = [
    { kind: 'sticker', hash: 'e30101701220ab', pack: 1 },
    { kind: 'image', image: png },
    { kind: 'audio', audio: aac },
    { kind: 'contact-update', ensName: 'mallory.eth', picture: '' }
  ]
  const paying: readonly Content[] = [
    { kind: 'accept-request-address', id, address: '0x01' },
    { kind: 'request-transaction', address: '0x01', value: '1', contract: '' },
    { kind: 'send-transaction', id, transactionHash: '0x02', signature: field(65) },
    { kind: 'decline-request-transaction', id }
  ]
  const script = (...wrappers: readonly Uint8Array[]): Uint8Array =>
    concatBytes(...wrappers.map(bytes => step(way, typed(bytes))))
  return [
    script(first.bytes, ...about.map((content, at) => said(content, toBob, nowMs + at).bytes)),
    // What is said comes before what it is about.
    script(...[...about].reverse().map(content => said(content, toBob, nowMs + 9).bytes), first.bytes),
    ...others.map(content => script(said(content).bytes)),
    script(asked.bytes, ...paying.map((content, at) => said(content, toBob, nowMs + at).bytes))
  ]
}

/** A group of the stranger's, and what its admin and its members may and may not do. */
function group(): Uint8Array {
  const id = ownGroup(mallory)
  const empty: Chat = { kind: 'group', id, events: [] }
  const invited = said(
    {
      kind: 'group-changes',
      changes: [
        { kind: 'created', name: 'ours' },
        { kind: 'members-added', members: [alice.publicKey, bob.publicKey] }
      ]
    },
    empty
  )
  const effect = invited.local.effects.find(({ kind }) => kind === 'group-events')
  const events = effect?.kind === 'group-events' ? effect.events : []
  const open: Chat = { kind: 'group', id, events }
  const later = (content: Content): Uint8Array => typed(said(content, open, nowMs + 1).bytes)
  return concatBytes(
    step(ways.payload, typed(invited.bytes)),
    step(ways.payload, later({ kind: 'text', text: 'to all' })),
    step(ways.payload, later({ kind: 'group-changes', changes: [{ kind: 'name-changed', name: 'mine' }] })),
    step(
      ways.payload,
      later({ kind: 'group-changes', changes: [{ kind: 'member-removed', member: alice.publicKey }] })
    ),
    step(ways.unsynced, later({ kind: 'group-update' }))
  )
}

const devices: readonly Content[] = [
  { kind: 'pair', installationId: 'bob-2', deviceType: 'phone', name: 'other' },
  { kind: 'sync-contact', publicKey: mallory.publicKey, ensName: 'm.eth', picture: '' },
  { kind: 'sync-public-chat', name: 'dogs' }
]

/**
 * Scripts to begin from.
 *
 * @param sealer the stranger's, before any session: what it seals stays the same from run to run
 */
export async function seedsOf(sealer: Sealer): Promise<readonly Uint8Array[]> {
  const wrapper = said({ kind: 'text', text: 'hi' }).bytes
  const message = { groupId: groupId(mallory.publicKey, bob.publicKey), timestamp: 1n, body: wrapper }
  const payload = encodePayload({
    acks: [field(32)],
    offers: [field(32), field(32)],
    requests: [field(32)],
    messages: [message]
  })
  const toAny = { kind: 'identity', publicKey: bob.publicKey, reach: 'any-device' } as const
  const sealed = await sealer.seal(wrapper, toAny)
  const code = await sealer.seal(new Uint8Array(), { kind: 'contact-code', owner: mallory.publicKey })
  const raw = [sealed, code].flatMap(result => (result.kind === 'sealed' ? [result.bytes] : []))
  const ownDevice = devices.map(content => said(content, { kind: 'own-devices' }, 0, bob).bytes)
  return [
    ...conversation(ways.payload),
    ...conversation(ways.unsynced),
    group(),
    concatBytes(...raw.map(bytes => step(ways.protocol, bytes))),
    concatBytes(...raw.map(bytes => step(ways.contactCode, bytes))),
    concatBytes(...raw.map(bytes => step(ways.rendezvous, bytes))),
    concatBytes(step(ways.sync, payload), step(ways.sync, payload), step(ways.sync, utf8Bytes('nothing'))),
    step(ways.wrapper, wrapper),
    step(ways.public, typed(said({ kind: 'text', text: 'to everyone' }, { kind: 'public', name: publicChat }).bytes)),
    concatBytes(...ownDevice.map(bytes => step(ways.ownDevice, typed(bytes))))
  ]
}
