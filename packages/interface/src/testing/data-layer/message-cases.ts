import { check, checkBytes } from '../case.ts'
import { now, type Scene } from './fixture.ts'

type Clause = readonly [name: string, run: (scene: Scene) => Promise<void>]

const hello = { kind: 'text', text: 'hello' } as const
const hours = 3_600_000

/** What messages say, to whom, and from whom they are believed. */
export const messageClauses: readonly Clause[] = [
  [
    'what one person writes the other reads: content, author, chat and id',
    async ({ say, accept, to, alice, bob }) => {
      const out = say(to(bob), hello)
      const got = await accept(out.bytes, bob)
      check(got.content.kind === 'text' && got.content.text === 'hello', 'the text')
      checkBytes('the author', got.author, alice.publicKey)
      checkBytes('the id', got.messageId, out.messageId)
      check(got.chat?.kind === 'one-to-one', 'a one-to-one chat')
      checkBytes('the chat', got.chat.publicKey, alice.publicKey)
      check(!got.fromSelf, 'a message of another person')
    }
  ],
  [
    'what we keep of our own message is what our other device reads',
    async ({ say, accept, to, alice, bob }) => {
      const { local, bytes } = say(to(bob), hello)
      const copy = await accept(bytes, alice)
      check(local.fromSelf && copy.fromSelf, 'messages of our own')
      checkBytes('the id', copy.messageId, local.messageId)
      check(copy.clock === local.clock && copy.timestamp === local.timestamp, 'the same times')
      check(JSON.stringify(copy.content) === JSON.stringify(local.content), 'the same content')
      check(copy.chat?.id === local.chat?.id, 'the same chat')
    }
  ],
  [
    'the same arguments give the same bytes',
    async ({ say, to, bob }) => checkBytes('the bytes', say(to(bob), hello).bytes, say(to(bob), hello).bytes)
  ],
  [
    'a one-to-one message is reliable, for its recipient and our other devices; one to ourselves for those alone',
    async ({ say, to, alice, bob }) => {
      const out = say(to(bob), hello)
      check(out.reliability === 'reliable' && out.ownCopies, 'reliable, with copies for our devices')
      check(out.to.length === 1, 'one recipient')
      checkBytes('the recipient', out.to[0], bob.publicKey)
      const own = say(to(alice), hello)
      check(own.reliability === 'reliable' && own.to.length === 0 && own.ownCopies, 'our devices alone')
    }
  ],
  [
    'a public message is for everyone who reads the chat, once',
    async ({ say }) => {
      const out = say({ kind: 'public', name: 'status' }, hello)
      check(out.reliability === 'best-effort' && out.to.length === 1, 'best effort, one audience')
      check(out.to[0]?.kind === 'public' && out.to[0].name === 'status', 'the audience of that chat')
    }
  ],
  [
    'a public message belongs to the chat it came in by',
    async ({ say, accept, read, bob }) => {
      const { bytes } = say({ kind: 'public', name: 'status' }, hello)
      const got = await accept(bytes, bob, { arrival: { kind: 'public', name: 'status' } })
      check(got.chat?.kind === 'public' && got.chat.id === 'status', 'the public chat')
      const elsewhere = await read(bytes, bob, { arrival: { kind: 'public', name: 'other' } })
      check(elsewhere.kind === 'refused', 'a refusal in another chat')
    }
  ],
  [
    'a message for another person is refused',
    async ({ say, read, to, bob, carol }) =>
      check((await read(say(to(bob), hello).bytes, carol)).kind === 'refused', 'a refusal')
  ],
  [
    'a one-to-one message that another person posts is refused: its author did not send it',
    async ({ say, read, to, bob, carol }) =>
      check((await read(say(to(bob), hello).bytes, bob, { signer: carol })).kind === 'refused', 'a refusal')
  ],
  [
    'changed bytes are refused, or another message; they never throw',
    async ({ say, read, to, bob }) => {
      const { bytes, messageId } = say(to(bob), hello)
      for (let at = 0; at < bytes.length; at += 7) {
        const changed = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ 0x10 : byte))
        const result = await read(changed, bob)
        const same = result.kind === 'accepted' && result.messageId.every((byte, index) => byte === messageId[index])
        check(!same, `another id than that of the original, with byte ${at} changed`)
      }
    }
  ],
  [
    'bytes that are nothing are refused for good',
    async ({ read, bob, random }) => {
      for (const bytes of [new Uint8Array(), random.bytes(1), random.bytes(200)]) {
        const result = await read(bytes, bob)
        check(result.kind === 'refused' && result.final, 'a final refusal')
      }
    }
  ],
  [
    'a clock ahead of time is refused for now, and read when time has come',
    async ({ say, read, accept, to, alice, bob }) => {
      const { bytes } = say(to(bob), hello, alice, now + hours)
      const early = await read(bytes, bob)
      check(early.kind === 'refused' && !early.final, 'a refusal that is not final')
      const later = { sentMs: now + hours, nowMs: now + hours }
      check((await accept(bytes, bob, later)).kind === 'accepted', 'the message')
    }
  ],
  [
    'the next message has a clock above the last, and above now',
    async ({ say, to, alice, bob }) => {
      check(say(to(bob), hello, alice, now, now + 5).local.clock > now + 5, 'a clock above the last one')
      check(say(to(bob), hello, alice, now, 1).local.clock >= now, 'a clock not behind now')
    }
  ],
  [
    'a last clock that no reader accepts is left out, and the result says so',
    async ({ say, to, alice, bob }) => {
      const out = say(to(bob), hello, alice, now, now + hours)
      check(out.ignoredLastClock === true && out.local.clock < now + hours, 'a clock that readers accept')
    }
  ],
  [
    'what readers would refuse is not made',
    async ({ say, to, bob }) => {
      let thrown: unknown
      try {
        say(to(bob), { kind: 'text', text: ' ' })
      } catch (error) {
        thrown = error
      }
      check((thrown as { readonly origin?: unknown })?.origin === 'caller', 'an error of the caller')
    }
  ]
]
