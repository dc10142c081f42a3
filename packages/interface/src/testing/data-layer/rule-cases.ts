import { check, checkBytes } from '../case.ts'
import { now, type Scene } from './fixture.ts'

type Clause = readonly [name: string, run: (scene: Scene) => Promise<void>]

const hello = { kind: 'text', text: 'hello' } as const
const open = { active: true, deletedAtClock: 0, answered: true }

const received = async ({ say, accept, to, bob }: Scene) => accept(say(to(bob), hello).bytes, bob)

/** What a message may change of what is stored. */
export const ruleClauses: readonly Clause[] = [
  [
    'the first message of a stranger is a request and opens its chat; one of a contact is a message',
    async scene => {
      const message = await received(scene)
      const first = scene.admit(message, scene.bob)
      check(first.kind === 'admitted' && first.as === 'request' && first.createsChat === 'active', 'a request')
      const contact = scene.layer.contacts.next(scene.layer.contacts.unknown, { kind: 'added' })
      const known = scene.admit(message, scene.bob, { contact })
      check(known.kind === 'admitted' && known.as === 'message', 'a message')
    }
  ],
  [
    'nothing of a blocked person is admitted, and nothing twice',
    async scene => {
      const message = await received(scene)
      const contact = scene.layer.contacts.next(scene.layer.contacts.unknown, { kind: 'blocked' })
      check(scene.admit(message, scene.bob, { contact }).kind === 'refused', 'a refusal of a blocked person')
      const again = scene.admit(message, scene.bob, { seen: true })
      check(
        again.kind === 'refused' && again.final && again.expected === true,
        'a final refusal of a copy, as expected'
      )
    }
  ],
  [
    'what the user deleted does not come back, what comes later does',
    async scene => {
      const message = await received(scene)
      const at = (deletedAtClock: number) => scene.admit(message, scene.bob, { chat: { ...open, deletedAtClock } })
      check(at(message.clock).kind === 'refused', 'a refusal at the clock of the deletion')
      check(at(message.clock - 1).kind === 'admitted', 'the message after it')
      const { isRemoved } = scene.layer.clocks
      check(isRemoved(message.clock, { deletedAtClock: message.clock }, now), 'isRemoved to say the same')
      check(!isRemoved(message.clock, { deletedAtClock: message.clock - 1 }, now), 'isRemoved to say the same')
    }
  ],
  [
    'a deletion never reaches into the time to come',
    async ({ layer: { clocks } }) => {
      check(clocks.deletion(now - 5, now) === now - 5, 'the last clock')
      check(clocks.deletion(now + 3_600_000, now) <= now, 'at most now')
      check(clocks.isPossible(now, now) && !clocks.isPossible(now + 3_600_000, now), 'an hour ahead to be impossible')
    }
  ],
  [
    'only the author of a message edits it, and a newer edit stands',
    async scene => {
      const { say, accept, admit, to, alice, bob } = scene
      const target = await received(scene)
      const id = `0x${[...target.messageId].map(byte => byte.toString(16).padStart(2, '0')).join('')}`
      const edit = await accept(say(to(bob), { kind: 'edit', messageId: id, text: 'bye' }, alice, now, now).bytes, bob)
      const about = { chat: open, annotations: { ofTarget: 0, early: 0, earlyByAuthor: 0, pins: 0 } }
      const of = (author: Uint8Array, editClock?: number) =>
        admit(edit, bob, {
          ...about,
          target: { author, clock: target.clock, ...(editClock === undefined ? {} : { editClock }) }
        })
      check(of(alice.publicKey).kind === 'admitted', 'an edit by the author')
      check(of(bob.publicKey).kind === 'refused', 'a refusal of an edit by another person')
      check(of(alice.publicKey, edit.clock).kind === 'refused', 'a refusal of what a newer edit has overtaken')
    }
  ],
  [
    'a block outweighs what anyone says, and an unblocked person is a stranger again',
    async ({ layer: { contacts } }) => {
      const blocked = contacts.next(contacts.next(contacts.unknown, { kind: 'added' }), { kind: 'blocked' })
      check(blocked.blocked && !blocked.added, 'a blocked person who is no contact')
      const profile = { ensName: 'x.eth', picture: '', clock: now } as const
      check(!contacts.next(blocked, { kind: 'contact-synced', ...profile }).added, 'to stay so')
      check(contacts.next(blocked, { kind: 'blocked' }) === blocked, 'the same record when nothing changed')
      const free = contacts.next(blocked, { kind: 'unblocked' })
      check(!free.blocked && !free.added, 'a stranger')
    }
  ],
  [
    'a claimed name is verified by an answer about that very name',
    async ({ layer: { contacts } }) => {
      const claimed = contacts.next(contacts.unknown, { kind: 'ens-claimed', ensName: 'x.eth', clock: now })
      check(claimed.ensName === 'x.eth' && !claimed.ensVerified, 'a claim')
      const check_ = (ensName: string) => contacts.next(claimed, { kind: 'ens-checked', ensName, verified: true })
      check(check_('x.eth').ensVerified && !check_('y.eth').ensVerified, 'the name that was asked for')
    }
  ],
  [
    'a quota ends, and comes back with time; a contact has more',
    async ({ layer: { spendQuota, contacts } }) => {
      const spent = (contact = contacts.unknown): number => {
        let quota = spendQuota(undefined, now, contact)
        let count = 0
        for (; quota !== undefined && count < 1_000_000; count += 1) quota = spendQuota(quota, now, contact)
        return count
      }
      const stranger = spent()
      check(stranger > 0 && stranger < 1_000_000, 'an end')
      check(spent(contacts.next(contacts.unknown, { kind: 'added' })) > stranger, 'more for a contact')
      check(spendQuota({ tokens: 0, atMs: now }, now, contacts.unknown) === undefined, 'nothing left')
      check(
        spendQuota({ tokens: 0, atMs: now }, now + 60_000, contacts.unknown) !== undefined,
        'something after a minute'
      )
    }
  ],
  [
    'people are named in a text by their keys, each once',
    async ({ layer, alice, bob }) => {
      const id = ({ publicKey }: typeof alice): string =>
        `@0x${[...publicKey].map(byte => byte.toString(16).padStart(2, '0')).join('')}`
      const named = layer.mentionedKeys(`${id(alice)} and ${id(bob)} and ${id(alice)}`)
      check(named.length === 2, `two people, got ${named.length}`)
      checkBytes('the first', named[0], alice.publicKey)
      check(layer.mentionedKeys('hello @everyone').length === 0, 'no mention in a text without keys')
    }
  ]
]
