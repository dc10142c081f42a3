import { bytesToHex, randomBytes } from '@status-stack/crypto'
import type { GroupChange, GroupEvent } from '@status-stack/interface'
import { createGroupId, messageIdText } from '@status-stack/status-data'
import { createBundle, encodeProtocolMessage, keyPairOf } from '@status-stack/status-pfs/primitives'
import { encodePayload, type Payload } from '@status-stack/status-sync'
import { encodeMessages, packetCodes } from '@status-stack/whisper/wire'
import type { Attack, Attacked } from './attacks.ts'
import type { ClientVictim, Writer } from './client-victim.ts'

const patienceMs = 240_000

/** Sends envelopes one a packet, then a message that shows that the client has come through them. */
function hostile(
  door: 'contact' | 'group member',
  name: string,
  make: (victim: ClientVictim, scale: number) => Promise<{ writer: Writer; sealed: readonly Uint8Array[] }>
): Attack<ClientVictim> {
  return {
    door,
    name,
    prepare: async (victim, scale) => {
      const { writer, sealed } = await make(victim, scale)
      const envelopes: Uint8Array[] = []
      for (const each of sealed) envelopes.push(await writer.enclose(each))
      const text = `done ${bytesToHex(randomBytes(8))}`
      const last = await writer.enclose(await writer.seal(writer.say({ kind: 'text', text }).bytes))
      const peer = await victim.join()
      return async (): Promise<Attacked> => {
        const before = await victim.doors.refused()
        let bytes = 0
        for (const envelope of envelopes) {
          bytes += envelope.length
          await peer.send(packetCodes.messages, encodeMessages([envelope])).catch(() => undefined)
        }
        const shown = victim.doors.shown(text)
        await peer.send(packetCodes.messages, encodeMessages([last]))
        let timer: NodeJS.Timeout | undefined
        const late = new Promise<'late'>(resolve => {
          timer = setTimeout(resolve, patienceMs, 'late')
        })
        const end = await Promise.race([shown, peer.ended.then(code => `closed (${code ?? 'done'})`), late])
        clearTimeout(timer)
        const refused = (await victim.doors.refused()) - before
        await peer.close()
        return { bytes, outcome: `${end ?? 'kept'}${refused > 0 ? `, ${refused} refused` : ''}` }
      }
    }
  }
}

const count = (scale: number, most: number): number => Math.max(1, Math.ceil(most * scale))

/** The same bytes by `make`, sealed one after the other. */
async function sealAll(writer: Writer, all: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const sealed: Uint8Array[] = []
  for (const bytes of all) sealed.push(await writer.seal(bytes))
  return sealed
}

const nothing: Payload = { acks: [], offers: [], requests: [], messages: [] }
const ids = (entries: number): Uint8Array[] => Array.from({ length: entries }, () => randomBytes(32))
/** As many ids of 34 bytes as an envelope of 1 MiB holds. */
const idsOfPayload = 28_000

/** Payloads of data sync with as many entries as fit. */
const payloads = (name: string, payload: (entries: number) => Payload, most = idsOfPayload): Attack<ClientVictim> =>
  hostile('contact', `1 MiB of sync ${name}`, async (victim, scale) => {
    const writer = await victim.writer()
    return { writer, sealed: await sealAll(writer, [encodePayload(payload(count(scale, most)))]) }
  })

const sameMessage = { groupId: randomBytes(32), timestamp: 1n, body: randomBytes(8) }

/** Every thousandth message of a chain. */
const skips = hostile('contact', '4 messages that skip 1 000 ratchet keys each', async (victim, scale) => {
  const writer = await victim.pairedWriter()
  const sealed: Uint8Array[] = []
  for (let i = 0; i < count(scale, 4); i++) {
    const bytes = writer.say({ kind: 'text', text: `skip ${i}` }).bytes
    for (let skipped = 0; skipped < 1000; skipped++) await writer.seal(new Uint8Array(1))
    sealed.push(await writer.seal(bytes))
  }
  return { writer, sealed }
})

/** ProtocolMessages with as many bundles, installations and entries as are read. */
const bundles = hostile('contact', '50 messages with 4 bundles of 8 and 64 entries', async (victim, scale) => {
  const writer = await victim.writer()
  const make = (at: number): Uint8Array =>
    encodeProtocolMessage({
      installationId: 'hostile',
      bundles: Array.from({ length: 4 }, (_, bundle) =>
        createBundle(
          writer.identity,
          Array.from({ length: 8 }, (_, device) => ({
            installationId: `device-${at}-${bundle}-${device}`,
            publicKey: keyPairOf(randomBytes(32)).publicKey,
            version: 1,
            protocolVersion: 1
          })),
          BigInt(Date.now()) * 1_000_000n + BigInt(at * 4 + bundle)
        )
      ),
      entries: Array.from({ length: 64 }, (_, entry) => ({
        installationId: entry === 0 ? 'victim' : `other-${entry}`,
        dhKey: keyPairOf(randomBytes(32)).publicKey,
        payload: randomBytes(64)
      })),
      publicMessage: new Uint8Array()
    })
  return { writer, sealed: Array.from({ length: count(scale, 50) }, (_, at) => make(at)) }
})

const eventsOf = ({ local }: ReturnType<Writer['say']>): readonly GroupEvent[] =>
  local.effects.flatMap(effect => ('events' in effect ? (effect.events as readonly GroupEvent[]) : []))

/** A new group with the client in it and a long history of names. */
function newGroup(writer: Writer, victim: ClientVictim, events: number) {
  const id = createGroupId(writer.identity.publicKey, { bytes: randomBytes })
  const changes: GroupChange[] = [
    { kind: 'created', name: 'hostile' },
    { kind: 'members-added', members: [victim.publicKey] }
  ]
  while (changes.length < events) changes.push({ kind: 'name-changed', name: `name ${changes.length}` })
  const made = writer.say({ kind: 'group-changes', changes }, { kind: 'group', id, events: [] })
  return { id, bytes: made.bytes, events: eventsOf(made) }
}

const largestUpdates = hostile('group member', '4 groups of 1 000 events', async (victim, scale) => {
  const writer = await victim.writer()
  const updates = Array.from({ length: count(scale, 4) }, () => newGroup(writer, victim, 1000).bytes)
  return { writer, sealed: await sealAll(writer, updates) }
})

const smallUpdates = hostile('group member', '100 updates of one event each', async (victim, scale) => {
  const writer = await victim.writer()
  const group = newGroup(writer, victim, 2)
  const updates = [group.bytes]
  let { events } = group
  for (let i = 0; i < count(scale, 100); i++) {
    const made = writer.say(
      { kind: 'group-changes', changes: [{ kind: 'name-changed', name: `small ${i}` }] },
      { kind: 'group', id: group.id, events }
    )
    events = eventsOf(made)
    updates.push(made.bytes)
  }
  return { writer, sealed: await sealAll(writer, updates) }
})

/** The client is invited and joins. */
async function joinGroup({ doors, join }: ClientVictim, id: string, invitation: Uint8Array): Promise<void> {
  const peer = await join()
  const joined = doors.joinGroup(id)
  await peer.send(packetCodes.messages, encodeMessages([invitation]))
  await joined
  await peer.close()
}

/** A group in which the client is, and what is said in it. */
const inGroup = (
  name: string,
  most: number,
  say: (writer: Writer, at: number, first: string) => Parameters<Writer['say']>[0]
) =>
  hostile('group member', name, async (victim, scale) => {
    const writer = await victim.writer()
    const { id, bytes, events } = newGroup(writer, victim, 2)
    await joinGroup(victim, id, await writer.enclose(await writer.seal(bytes)))
    const chat = { kind: 'group', id, events } as const
    const first = writer.say({ kind: 'text', text: 'first' }, chat)
    const said = Array.from(
      { length: count(scale, most) },
      (_, at) => writer.say(say(writer, at, messageIdText(first.messageId)), chat).bytes
    )
    return { writer, sealed: await sealAll(writer, [first.bytes, ...said]) }
  })

export const contactAttacks: readonly Attack<ClientVictim>[] = [
  hostile('contact', '200 texts', async (victim, scale) => {
    const writer = await victim.writer()
    const texts = Array.from({ length: count(scale, 200) }, (_, i) => writer.say({ kind: 'text', text: `${i}` }).bytes)
    return { writer, sealed: await sealAll(writer, texts) }
  }),
  hostile('contact', '200 messages that are nothing', async (victim, scale) => {
    const writer = await victim.writer()
    return {
      writer,
      sealed: await sealAll(
        writer,
        Array.from({ length: count(scale, 200) }, () => randomBytes(200))
      )
    }
  }),
  skips,
  bundles,
  payloads('acks', entries => ({ ...nothing, acks: ids(entries) })),
  payloads('offers', entries => ({ ...nothing, offers: ids(entries) })),
  payloads('requests', entries => ({ ...nothing, requests: ids(entries) })),
  payloads('messages, all the same', entries => ({ ...nothing, messages: Array(entries).fill(sameMessage) }), 17_500),
  payloads(
    'messages, all new and none readable',
    entries => ({
      ...nothing,
      messages: Array.from({ length: entries }, () => ({ ...sameMessage, body: randomBytes(8) }))
    }),
    17_500
  )
]

export const groupAttacks: readonly Attack<ClientVictim>[] = [
  largestUpdates,
  smallUpdates,
  inGroup('200 reactions', 200, (_, at, messageId) => ({
    kind: 'reaction',
    messageId,
    emoji: at % 2 === 0 ? 'love' : 'laugh',
    retracted: at % 4 > 1
  })),
  inGroup('200 edits of one message', 200, (_, at, messageId) => ({ kind: 'edit', messageId, text: `edit ${at}` })),
  inGroup('200 texts', 200, (_, at) => ({ kind: 'text', text: `in the group ${at}` }))
]
