import { bytesToHex, hexToBytes } from '@status-stack/crypto'
import { describe, expect, test } from 'vitest'
import { createSealer, describeRecord, PfsError } from '../../src/index.ts'
import { createRecordReader, createRecordWriter } from '../../src/records/bytes.ts'
import { decodePeer, encodePeer } from '../../src/records/peer.ts'
import { decodeIndex, encodeIndex } from '../../src/records/peer-index.ts'
import { decodeSelf, encodeSelf } from '../../src/records/self.ts'
import { wipePeer, wipeSelf } from '../../src/records/wipe.ts'
import recordsV1 from '../recorded/records-v1.json' with { type: 'json' }
import recordsV2 from '../recorded/records-v2.json' with { type: 'json' }
import {
  conversation,
  fakeClock,
  identityOf,
  opened,
  person,
  sealed,
  seededRandom,
  spiedStore,
  string
} from '../support/sealers.ts'
import { parsed, reasonOf } from '../support/wire.ts'

describe('migration', () => {
  test.each([
    ['1', recordsV1],
    ['2', recordsV2]
  ] as const)('records of version %s are read, used, and written as the newest version', async (_version, recorded) => {
    const store = spiedStore()
    for (const [id, record] of Object.entries(recorded.records)) await store.put(hexToBytes(id), hexToBytes(record), 0)
    const clock = { nowMs: () => recorded.nowMs + 1000 }
    const identity = identityOf(hexToBytes(recorded.bobPrivateKey))
    const deps = { identity, store, clock, random: seededRandom('migrated') }
    const bob = await createSealer(deps, { installationId: 'b1' })
    const alice = { publicKey: hexToBytes(recorded.alicePublicKey) } as ReturnType<typeof person>
    const { messages } = recorded
    expect(await reasonOf(bob, hexToBytes(messages.confirmed), alice)).toBe('replayed')
    expect(string((await opened(bob, hexToBytes(messages.unconfirmed), alice)).bytes)).toBe('three')
    expect(string((await opened(bob, hexToBytes(messages.skipped), alice)).bytes)).toBe('skipped')
    expect(string((await opened(bob, hexToBytes(messages.next), alice)).bytes)).toBe('next')
    // The session goes on: what was not stored of its prekeys is taken from what is known of the device.
    const answer = await sealed(bob, { kind: 'identity', publicKey: alice.publicKey, reach: 'known-devices' }, 'back')
    expect(parsed(answer).entries[0]?.x3dh).toBeUndefined()
    const versions = [...(await store.all())].map(([id, record]) => [id.slice(0, 8), record[1]])
    expect(versions).toContainEqual(['pfs/peer', 3])
  })

  test('a record of a later release is refused and left alone', async () => {
    const { bob, stores } = await conversation()
    const before = await stores.b.all()
    for (const [id, record] of before) {
      const later = record.slice()
      later[1] = 99
      await stores.b.setBack(new Map(before).set(id, later))
      const open = async () => {
        const sealer = await bob.device('b1', stores.b)
        await sealer.expire()
        await sealer.devices(person('alice', fakeClock()).publicKey)
      }
      await expect(open()).rejects.toMatchObject({
        code: 'record-version',
        origin: 'environment',
        details: { version: 99 }
      })
      expect((await stores.b.all()).get(id)).toEqual(later)
      await stores.b.setBack(before)
    }
  })

  test('version 0 is none', () => {
    expect(() => decodeSelf(Uint8Array.of(0x53, 0))).toThrow(expect.objectContaining({ code: 'record-version' }))
  })
})

describe('codec', () => {
  test('every record decodes to what was encoded, and cut or stretched ones are corrupt', async () => {
    const { stores, a, bob } = await conversation()
    await sealed(a, bob.known, 'skipped')
    for (const [id, record] of await stores.a.all()) {
      const again = id.startsWith('pfs/peer/')
        ? encodePeer(decodePeer(record))
        : id === 'pfs/self'
          ? encodeSelf(decodeSelf(record))
          : encodeIndex(decodeIndex(record))
      expect(again).toEqual(record)
      for (let length = 0; length < record.length; length += 7) {
        expect(() => describeRecord(record.slice(0, length))).toThrow(PfsError)
      }
      expect(() => describeRecord(Uint8Array.of(...record, 0))).toThrow(PfsError)
    }
    expect(() => decodeSelf(Uint8Array.of(0x50, 1))).toThrow(expect.objectContaining({ code: 'record-corrupt' }))
  })

  test('fields of every kind survive a buffer that has to grow', () => {
    const writer = createRecordWriter(1, 1)
    for (let i = 0; i < 200; i++) {
      writer.u8(i)
      writer.u16(i * 300)
      writer.u32(i * 20_000_000)
      writer.u64(BigInt(i) << 55n)
      writer.ms(i + 0.5)
      writer.text('é'.repeat(i))
      writer.fixed(new Uint8Array(i).fill(i))
    }
    const reader = createRecordReader(writer.finish(), 1, 1)
    for (let i = 0; i < 200; i++) {
      expect([reader.u8(), reader.u16(), reader.u32(), reader.u64(), reader.ms()]).toEqual([
        i,
        i * 300,
        i * 20_000_000,
        BigInt(i) << 55n,
        i + 0.5
      ])
      expect(reader.text()).toBe('é'.repeat(i))
      expect(reader.fixed(i)).toEqual(new Uint8Array(i).fill(i))
    }
    expect(() => reader.end()).not.toThrow()
  })

  test('a store of somebody else is refused', async () => {
    const { alice, bob, stores } = await conversation()
    await expect(bob.device('b2', stores.b)).rejects.toMatchObject({ code: 'installation-mismatch', origin: 'caller' })
    await expect(alice.device('b1', stores.b)).rejects.toMatchObject({ code: 'identity-mismatch', origin: 'caller' })
  })
})

describe('describe', () => {
  test('it tells what a debugger needs', async () => {
    const { alice, bob, a, b, stores } = await conversation()
    await sealed(a, bob.known, 'skipped')
    await opened(b, await sealed(a, bob.known, 'unconfirmed'), alice)
    const records = await stores.b.all()
    const peer = [...records].find(([id]) => id.startsWith('pfs/peer/'))![1]
    expect(describeRecord(peer)).toMatchObject({
      kind: 'peer',
      indexed: 'contacted',
      rendezvous: true,
      devices: [
        {
          installationId: 'a1',
          enabled: true,
          heardFrom: true,
          strongest: 'forward-secret',
          version: 1,
          sessions: [
            { role: 'initiator', headerPending: false, sendN: 0, recvN: 3, skipped: 1, unconfirmed: 2, seen: 2 }
          ]
        }
      ]
    })
    expect(describeRecord(records.get('pfs/self')!)).toMatchObject({
      kind: 'self',
      installationId: 'b1',
      prekeys: [{ version: 1, replacedMs: 0 }]
    })
    expect(describeRecord(records.get('pfs/peers')!)).toMatchObject({ kind: 'peers', identities: [{ sealed: true }] })
    expect(JSON.parse(JSON.stringify(describeRecord(peer)))).toEqual(describeRecord(peer))
  })

  test('the two ends of a session name each other, with what each has sent and when', async () => {
    const { clock, alice, bob, a, b, stores } = await conversation()
    const startMs = clock.nowMs()
    clock.advance(5000)
    await opened(b, await sealed(a, bob.known, 'one more'), alice)
    await sealed(a, bob.known, 'on its way')
    const recordOf = async (store: typeof stores.a, id: string) => {
      const found = [...(await store.all())].find(([name]) => name.startsWith(id))
      return describeRecord(found![1])
    }
    const [atAlice, atBob] = [await recordOf(stores.a, 'pfs/peer/'), await recordOf(stores.b, 'pfs/peer/')]
    const [ofAlice, ofBob] = [await recordOf(stores.a, 'pfs/self'), await recordOf(stores.b, 'pfs/self')]
    if (atAlice.kind !== 'peer' || atBob.kind !== 'peer') return expect.fail('not peers')
    if (ofAlice.kind !== 'self' || ofBob.kind !== 'self') return expect.fail('not the own records')
    expect([atAlice.identity, atBob.identity]).toEqual([ofBob.identity, ofAlice.identity])
    expect([atAlice.advertisedMs, ofAlice.recoveredMs]).toEqual([0, 0])
    const [bobsDevice, alicesDevice] = [atAlice.devices[0]!, atBob.devices[0]!]
    expect(ofAlice.prekeys).toEqual([{ publicKey: alicesDevice.prekey, version: 1, createdMs: startMs, replacedMs: 0 }])
    // The newest bundle of Alice that reached Bob was dated after the pause, the one of Bob before.
    expect([alicesDevice.bundleMs, bobsDevice.bundleMs]).toEqual([startMs + 5000, startMs])
    expect([alicesDevice.brokenMs, bobsDevice.brokenMs]).toEqual([0, 0])
    const [from, to] = [bobsDevice.sessions[0]!, alicesDevice.sessions[0]!]
    // Bob wrote on Alice's prekey first.
    expect([from.bundleId, to.bundleId]).toEqual([alicesDevice.prekey, alicesDevice.prekey])
    expect([from.role, to.role]).toEqual(['responder', 'initiator'])
    expect(to.remoteKey).toBe(from.selfKey)
    // Bob's next key is made and not yet told.
    expect(to.selfKey).not.toBe(from.remoteKey)
    for (const key of [to.selfKey, to.remoteKey, from.remoteKey]) expect(key).toMatch(/^0[23][0-9a-f]{64}$/)
    expect([from.sendN, to.recvN, from.recvN, to.sendN, to.pn]).toEqual([3, 2, 1, 0, 1])
    expect([from.keysCount, to.keysCount]).toEqual([1, 2])
    expect([from.remoteVersion, to.remoteVersion]).toEqual([1, 1])
    expect([from.createdMs, from.usedMs, to.createdMs, to.usedMs]).toEqual([
      startMs,
      startMs + 5000,
      startMs,
      startMs + 5000
    ])
  })

  test('what is not known yet is empty, and peers are listed by identity', async () => {
    const { bob, stores } = await conversation()
    const peers = describeRecord((await stores.b.all()).get('pfs/peers')!)
    expect(peers).toEqual({
      kind: 'peers',
      identities: [{ identity: bytesToHex(decodeSelf((await stores.a.all()).get('pfs/self')!).identity), sealed: true }]
    })
    const lone = spiedStore()
    const c = await bob.device('b2', lone)
    const stranger = person('stranger', fakeClock())
    const s = await stranger.device('s1')
    await opened(c, await sealed(s, bob.any, 'hello'), stranger)
    const record = [...(await lone.all())].find(([name]) => name.startsWith('pfs/peer/'))![1]
    expect(describeRecord(record)).toMatchObject({
      indexed: 'seen',
      rendezvous: true,
      devices: [{ version: 1, sessions: [] }]
    })
    expect(() => describeRecord(Uint8Array.of(0, 1))).toThrow(expect.objectContaining({ code: 'record-corrupt' }))
    expect(() => describeRecord(new Uint8Array(0))).toThrow(expect.objectContaining({ code: 'record-corrupt' }))
  })

  test('no secret of any record is in its description', async () => {
    const { alice, bob, a, b, stores } = await conversation()
    await sealed(a, bob.known, 'skipped')
    await opened(b, await sealed(a, bob.known, 'unconfirmed'), alice)
    const shown = JSON.stringify([...(await stores.b.all()).values()].map(describeRecord))
    const secrets: Uint8Array[] = []
    for (const [id, record] of await stores.b.all()) {
      if (id === 'pfs/self') secrets.push(...decodeSelf(record).prekeys.map(({ pair }) => pair.privateKey))
      else if (id === 'pfs/peers') secrets.push(...decodeIndex(record).entries.flatMap(({ secret }) => secret ?? []))
      else {
        const peer = decodePeer(record)
        if (peer.secret) secrets.push(peer.secret)
        for (const { ratchet } of peer.devices.flatMap(({ sessions }) => sessions)) {
          secrets.push(ratchet.rootKey, ratchet.sendChainKey, ratchet.recvChainKey, ratchet.self.privateKey)
          secrets.push(...ratchet.messageKeys.map(({ key }) => key))
        }
      }
    }
    expect(secrets.length).toBeGreaterThan(8)
    for (const secret of secrets) {
      const hex = bytesToHex(secret)
      for (let at = 0; at + 16 <= hex.length; at += 8) expect(shown).not.toContain(hex.slice(at, at + 16))
    }
  })
})

test('wiping a record leaves none of its secrets', async () => {
  const { alice, bob, a, b, stores } = await conversation()
  await sealed(a, bob.known, 'skipped')
  await opened(b, await sealed(a, bob.known, 'unconfirmed'), alice)
  for (const [id, record] of await stores.b.all()) {
    if (id === 'pfs/self') {
      const self = decodeSelf(record)
      wipeSelf(self)
      expect(self.prekeys.every(({ pair }) => pair.privateKey.every(byte => byte === 0))).toBe(true)
    } else if (id !== 'pfs/peers') {
      const peer = decodePeer(record)
      wipePeer(peer)
      const [session] = peer.devices[0]!.sessions
      const { rootKey, sendChainKey, recvChainKey, self, messageKeys } = session!.ratchet
      for (const key of [rootKey, sendChainKey, recvChainKey, self.privateKey, ...messageKeys.map(({ key }) => key)]) {
        expect(key.every(byte => byte === 0)).toBe(true)
      }
      expect(peer.secret?.every(byte => byte === 0)).toBe(true)
    }
  }
})
