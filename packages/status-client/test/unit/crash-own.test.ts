import { bytesToHex } from '@status-stack/crypto'
import type { MemoryLevel } from 'memory-level'
import { expect } from 'vitest'
import { accepted, inside, openRoom } from '../support/core.ts'
import { crashTest } from '../support/crashes.ts'
import { during, identityOf, type Person, person } from '../support/world.ts'

const carol = identityOf('carol').publicKey
const dave = identityOf('dave').publicKey
const direct = { kind: 'one-to-one', publicKey: carol } as const
const room = { kind: 'public', name: 'room' } as const
const quiet = { timers: false } as const

/** What Carol wrote to us and in a public chat, an edit there that waits for its message, and what another person wrote. */
async function written(disk: MemoryLevel<string, Uint8Array>): Promise<void> {
  const { core, take } = await inside({ messageRequests: false }, disk)
  await openRoom(core, room)
  const inRoom = { kind: 'public', id: 'room' } as const
  const toUs = { kind: 'one-to-one', id: `0x${bytesToHex(carol)}`, publicKey: carol } as const
  const never = accepted(carol, { kind: 'text', text: '' }, inRoom)
  for (const message of [
    accepted(carol, { kind: 'text', text: 'to us' }, toUs),
    accepted(carol, { kind: 'text', text: 'in the room' }, inRoom),
    accepted(dave, { kind: 'text', text: 'of another' }, inRoom),
    accepted(carol, { kind: 'edit', messageId: `0x${bytesToHex(never.messageId)}`, text: 'early' }, inRoom)
  ])
    expect(await take(message)).toBe('applied')
}

crashTest(
  'blocking somebody',
  async ({ faulty, disk, lives }) => {
    await written(disk as MemoryLevel<string, Uint8Array>)
    let bob: Person | undefined
    await lives(async () => {
      bob = await person('bob', { ...quiet, database: faulty.database })
      await bob.client.start()
      await bob.client.block(carol)
      await bob.client.stop()
    })
    await bob?.client.stop().catch(() => undefined)
    const back = await person('bob', { ...quiet, database: disk })
    await during([back], async () => {
      await back.client.idle()
      const { blocked } = await back.client.contact(carol)
      const texts = async () =>
        [...(await back.client.messages(direct)), ...(await back.client.messages(room))].map(({ text }) => text)
      const waiting: string[] = []
      for await (const key of disk.keys({ gte: 'early!', lt: 'early!~' })) waiting.push(key)
      // Either nothing of it has happened, or all of it.
      expect((await texts()).filter(text => text !== '').sort()).toEqual(
        blocked ? ['of another'] : ['in the room', 'of another', 'to us']
      )
      expect(waiting).toHaveLength(blocked ? 0 : 1)
      expect((await back.client.chats()).some(({ chat, active }) => chat.kind === 'one-to-one' && active)).toBe(
        !blocked
      )
    })
  },
  1
)

crashTest(
  'setting a profile',
  async ({ faulty, disk, lives }) => {
    const before = await person('bob', { ...quiet, database: disk })
    await during([before], async () => {
      for (const contact of [carol, dave]) await before.client.addContact(contact)
      await before.client.idle()
    })
    let bob: Person | undefined
    await lives(async () => {
      bob = await person('bob', { ...quiet, database: faulty.database })
      await bob.client.start()
      await bob.client.setProfile({ ensName: 'bob.eth' })
      await bob.client.idle()
    })
    await bob?.client.stop().catch(() => undefined)
    const back = await person('bob', { ...quiet, database: disk })
    await during([back], async () => {
      await back.client.idle()
      const told = new Set(
        [...(bob?.events.delivery ?? []), ...back.events.delivery]
          .filter(({ state }) => state === 'queued')
          .map(({ recipient = carol }) => bytesToHex(recipient))
      )
      const isSet = (await back.client.profile()).ensName === 'bob.eth'
      expect(told).toEqual(new Set(isSet ? [carol, dave].map(key => bytesToHex(key)) : []))
    })
  },
  1
)
