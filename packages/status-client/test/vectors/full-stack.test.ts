import { bytesToHex } from '@status-stack/crypto'
import { createIdentityKey } from '@status-stack/status-accounts'
import { decodeProtocolMessage } from '@status-stack/status-pfs/primitives'
import { loadVectors, type VectorCase, vectorBytes } from '@status-stack/vectors'
import { encodeMessages, encodeStatus } from '@status-stack/whisper/wire'
import { MemoryLevel } from 'memory-level'
import { describe, expect, test } from 'vitest'
import { type ChatRef, type Client, createClient, type RefusedEvent } from '../../src/index.ts'
import { linkPair } from '../../src/testing/index.ts'
import { peerIdOf, storageKey, until } from '../support/world.ts'

const { sections } = await loadVectors('full-stack')

/** Private keys of all recorded pairs, by compressed public key. */
function poolOf(c: VectorCase): Map<string, Uint8Array> {
  return new Map(
    c['allGeneratedKeys'].map((pair: VectorCase) => [pair['publicKey'].slice(2), vectorBytes(pair['privateKey'])])
  )
}

const entriesOf = (envelope: VectorCase) => {
  try {
    return decodeProtocolMessage(vectorBytes(envelope['payload']))?.entries ?? []
  } catch {
    return []
  }
}

/** One of the recorded devices as a client of ours, which draws the recorded keys when it needs fresh ones. */
async function recorded(c: VectorCase, device: VectorCase, peer: VectorCase) {
  const pool = poolOf(c)
  const draws: Uint8Array[] = [vectorBytes(device['signedPreKeys'][0].privateKey)]
  const random = {
    bytes: (length: number): Uint8Array => {
      const drawn = length === 32 ? draws.shift() : undefined
      return drawn ?? crypto.getRandomValues(new Uint8Array(length))
    }
  }
  let nowMs = (c['envelopes'][0].expiry - 15) * 1000
  const client: Client = await createClient(
    {
      identity: createIdentityKey(vectorBytes(device['identityPrivateKey'])),
      database: new MemoryLevel(),
      storageKey,
      random,
      clock: { nowMs: () => nowMs },
      nodeKey: createIdentityKey(new Uint8Array(32).fill(7)),
      whisper: { powWorkers: 0 }
    },
    {
      installationId: device['installationId'],
      sync: c.name === 'with-mvds',
      timers: false,
      lockAccount: false,
      publishContactCode: false
    }
  )
  const refused: RefusedEvent[] = []
  const handled = { pfs: 0 }
  client.on('refused', fact => refused.push(fact))
  client.on('trace', fact => {
    if (fact.layer === 'pfs' && fact.direction === 'in') handled.pfs += 1
  })
  await client.start()
  await client.joinPublic(c['publicChat'])
  const pair = linkPair(peerIdOf('us'), peerIdOf('network'))
  client.attach(pair.a).catch(() => undefined)
  await pair.b.send(0, encodeStatus({ minPow: 0, light: false, confirmations: false }))
  void (async () => {
    for await (const _ of pair.b.packets());
  })()
  await until('linked', () => client.connected())
  draws.length = 0
  const identity = device['identityPublicKey']
  const peerKey = vectorBytes(peer['identityPublicKey'])
  const seen = new Set<string>()

  /** What it sent: with the recorded keys our client starts the same session. */
  const replaySend = async (envelope: VectorCase): Promise<void> => {
    const [entry] = entriesOf(envelope)
    if (entry?.ratchet !== undefined) seen.add(bytesToHex(entry.ratchet.key))
    if (entry === undefined || (entry.ratchet !== undefined && entry.x3dh === undefined)) return
    const drawn = [entry.x3dh?.key, entry.ratchet?.key].flatMap(key => (key === undefined ? [] : [bytesToHex(key)]))
    draws.push(...drawn.flatMap(key => pool.get(key) ?? []))
    await client.send({ kind: 'one-to-one', publicKey: peerKey }, { text: 'replayed' })
    await client.idle()
    await client.tick()
    await client.idle()
    draws.length = 0
  }

  /** The ratchet key it turns to next, which it draws when it reads this envelope. */
  const nextKey = (after: number): Uint8Array | undefined => {
    for (const envelope of c['envelopes'].slice(after + 1)) {
      if (envelope['signerPublicKey'] !== identity) continue
      for (const { ratchet } of entriesOf(envelope)) {
        if (ratchet !== undefined && !seen.has(bytesToHex(ratchet.key))) return ratchet.key
      }
    }
    return undefined
  }

  const receive = async (envelope: VectorCase, at: number): Promise<void> => {
    nowMs = (envelope['expiry'] - envelope['ttl']) * 1000 + 500
    const next = nextKey(at)
    const drawn = next === undefined ? undefined : pool.get(bytesToHex(next))
    if (drawn !== undefined) draws.push(drawn)
    const before = handled.pfs
    await pair.b.send(1, encodeMessages([vectorBytes(envelope['rlp'])]))
    await until(`envelope ${at} was handled`, () => handled.pfs > before)
    await client.idle()
    draws.length = 0
  }

  return {
    client,
    refused,
    play: async (): Promise<void> => {
      for (const [at, envelope] of c['envelopes'].entries()) {
        if (envelope['signerPublicKey'] === identity) await replaySend(envelope)
        else await receive(envelope, at)
      }
    }
  }
}

const chatOf = (id: string, c: VectorCase): ChatRef => {
  if (id === c['publicChat']) return { kind: 'public', name: id }
  if (id.startsWith('0x')) return { kind: 'one-to-one', publicKey: vectorBytes(id) }
  return { kind: 'group', id }
}

describe('full-stack.json', () => {
  for (const c of sections['conversation'] ?? []) {
    for (const name of ['alice', 'bob']) {
      test(`full-stack ${c.name}: ${name} shows what the recorded user got`, async () => {
        const device = c['devices'].find((one: VectorCase) => one.name === name)
        const peer = c['devices'].find((one: VectorCase) => one.name !== name)
        const us = await recorded(c, device, peer)
        try {
          await us.play()
          expect(us.refused).toEqual([])
          let checked = 0
          for (const phase of c['phases']) {
            const retrieved = phase['retrieved'][name]
            if (retrieved === undefined) continue
            for (const expected of retrieved.messages ?? []) {
              if (expected.contentType === 6) continue
              const message = await us.client.message(expected.id)
              expect(message, phase['action']).toMatchObject({
                chat: chatOf(expected.localChatId, c),
                author: vectorBytes(expected.from),
                text: expected.text,
                clock: Number(expected.clock),
                timestampMs: Number(expected.timestamp),
                outgoing: false
              })
              checked += 1
            }
            for (const contact of retrieved.contacts ?? []) {
              expect(await us.client.contact(vectorBytes(contact))).toMatchObject({
                requestReceived: true,
                added: false
              })
            }
          }
          expect(checked).toBeGreaterThan(1)
          const groups = (await us.client.chats()).filter(chat => chat.chat.kind === 'group')
          const last = c['phases'].findLast((phase: VectorCase) => phase['retrieved'][name] !== undefined)['retrieved'][
            name
          ].chats[0]
          expect(groups).toHaveLength(1)
          expect(groups[0]?.group?.name).toBe(last.name)
          const members = groups[0]?.group?.members.map(({ publicKey, admin, joined }) => ({
            id: `0x${bytesToHex(publicKey)}`,
            admin,
            joined
          }))
          expect(members).toEqual(expect.arrayContaining(last.members))
        } finally {
          await us.client.stop()
        }
      })
    }
  }
})
