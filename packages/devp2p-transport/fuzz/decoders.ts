import { concatBytes, createKeccak256, eciesEncrypt, hexToBytes, publicKeyOf, utf8Bytes } from '@status-stack/crypto'
import { encodeRlp } from '@status-stack/rlp'
import { parseTreeEntry, parseTreeRoot, parseTreeUrl } from '../src/discovery/dns-tree.ts'
import { createRecord, decodeRecord, formatRecord, parseRecord } from '../src/discovery/enr.ts'
import { createPacketCodec, type Discv4Library } from '../src/discovery/packet.ts'
import { parseEnode } from '../src/enode.ts'
import { createFrameSealer } from '../src/frame/frame.ts'
import { createFrameReader, splitMessage } from '../src/frame/reader.ts'
import { decodeAck } from '../src/handshake/ack.ts'
import { decodeAuth } from '../src/handshake/auth.ts'
import { createHandshakeReader } from '../src/handshake/packet.ts'
import { parseNat } from '../src/nat/spec.ts'
import { decodeDisconnect, decodeHello, encodeHello } from '../src/p2p/messages.ts'
import { compressed, decompress } from '../src/p2p/snappy.ts'

/** One decoder with valid inputs to begin from; `run` gives a value or throws our error. */
export interface FuzzTarget {
  readonly name: string
  readonly seeds: readonly Uint8Array[]
  readonly run: (bytes: Uint8Array) => unknown
}

/** A small generator whose whole state is its seed. */
export function seededRandom(seed: number): (below: number) => number {
  let state = seed >>> 0
  return below => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

const interesting = [0, 1, 0x7f, 0x80, 0x81, 0xb7, 0xb8, 0xbf, 0xc0, 0xc1, 0xf7, 0xf8, 0xfc, 0xfe, 0xff]

/** A changed copy: bits, bytes, cuts, repeats, inserted lengths. */
export function mutate(seed: Uint8Array, random: (below: number) => number): Uint8Array {
  let bytes: Uint8Array = seed.slice()
  for (let rounds = 1 + random(4); rounds > 0; rounds--) {
    const at = random(bytes.length + 1)
    switch (random(7)) {
      case 0:
        if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8))
        break
      case 1:
        if (at < bytes.length) bytes[at] = interesting[random(interesting.length)] ?? 0
        break
      case 2:
        bytes = bytes.slice(0, at)
        break
      case 3:
        bytes = concatBytes(bytes.subarray(0, at), bytes.subarray(at + random(8)))
        break
      case 4:
        bytes = concatBytes(bytes.subarray(0, at), bytes.subarray(at, at + random(32)), bytes.subarray(at))
        break
      case 5:
        bytes = concatBytes(
          bytes.subarray(0, at),
          Uint8Array.from({ length: random(9) }, () => random(256)),
          bytes.subarray(at)
        )
        break
      default:
        for (let i = at; i < Math.min(at + random(5), bytes.length); i++) bytes[i] = random(256)
    }
  }
  return bytes.slice(0, 4096)
}

const key = hexToBytes('b71c71a67e1177ad4e901695e1b4b9ee17ae16c6668d313eac2f96dbcda3f291')
const publicKey = publicKeyOf(key)
const field = (length: number): Uint8Array => new Uint8Array(length).fill(7)
const text = new TextDecoder()
const secrets = () => ({ aes: field(32), mac: field(32), egress: createKeccak256(), ingress: createKeccak256() })
const seal = (id: number, payload: Uint8Array): Uint8Array => createFrameSealer(secrets()).seal(id, payload)
const random = { ephemeralPrivateKey: field(32), iv: field(16) }

function sealedAuth(): Uint8Array {
  const size = Uint8Array.of(1, 200)
  return concatBytes(size, eciesEncrypt(publicKey, field(456 - 113), size, random))
}

/** Every decoder that sees network bytes or text. `library` is the discovery codec. */
export function fuzzTargets(library: Discv4Library): readonly FuzzTarget[] {
  const codec = createPacketCodec(library)
  const record = createRecord(key, 5n, { ip: '9.9.9.9', tcp: 1, udp: 2 })
  const endpoint = { address: '9.9.9.9', udpPort: 30_303, tcpPort: 30_303 }
  const hello = encodeHello({
    version: 5,
    clientName: 'Geth/v1.9.5',
    capabilities: [
      { name: 'eth', version: 63 },
      { name: 'shh', version: 6 }
    ],
    listenPort: 0,
    key: publicKey.subarray(1)
  })
  const url = 'enrtree://AM5FCQLWIZX2QFPNJAP7VUERCCRNGRHWZG3YYHIUV7BVDQ5FDPRT2@morenodes.example.org'
  const ofText = (name: string, seeds: readonly string[], run: (value: string) => unknown): FuzzTarget => ({
    name,
    seeds: seeds.map(utf8Bytes),
    run: bytes => run(text.decode(bytes))
  })
  return [
    {
      name: 'handshake packet',
      seeds: [sealedAuth(), eciesEncrypt(publicKey, field(194), undefined, random)],
      run: bytes => createHandshakeReader(key, 'auth').push(bytes)
    },
    {
      name: 'auth body',
      seeds: [encodeRlp([field(65), publicKey.subarray(1), field(32), 4]), field(194)],
      run: bytes => decodeAuth(bytes.length === 194 ? 'plain' : 'eip8', bytes, key)
    },
    {
      name: 'ack body',
      seeds: [encodeRlp([publicKey.subarray(1), field(32), 4]), concatBytes(publicKey.subarray(1), field(33))],
      run: bytes => decodeAck(bytes.length === 97 ? 'plain' : 'eip8', bytes)
    },
    {
      name: 'frame',
      seeds: [seal(0, hello), seal(142, field(5)), seal(271, field(300))],
      run: bytes => {
        const reader = createFrameReader(secrets())
        reader.push(bytes.slice())
        return reader.next(1024)
      }
    },
    { name: 'message id', seeds: [Uint8Array.of(0x80, 1), Uint8Array.of(0x82, 1, 15, 9)], run: splitMessage },
    { name: 'hello', seeds: [hello], run: decodeHello },
    { name: 'disconnect', seeds: [Uint8Array.of(0xc1, 4), Uint8Array.of(4)], run: decodeDisconnect },
    {
      name: 'snappy',
      seeds: [compressed(hello), compressed(field(2000)), Uint8Array.of(0x64, 0, 0xaa, 0xfe, 1, 0, 0x8a, 1, 0)],
      run: bytes => {
        const opened = decompress(bytes, 1 << 16)
        if (opened.length > 1 << 16) throw new Error('more than allowed')
        return opened
      }
    },
    { name: 'node record', seeds: [record.bytes], run: decodeRecord },
    {
      name: 'discovery packet',
      seeds: [
        codec.encode({ kind: 'ping', from: endpoint, to: endpoint, expiration: 2_000_000_000 }, key).bytes,
        codec.encode({ kind: 'neighbors', nodes: [{ ...endpoint, publicKey }], expiration: 2_000_000_000 }, key).bytes,
        codec.encode({ kind: 'enr-response', requestHash: field(32), record: record.bytes }, key).bytes
      ],
      // The hash is made right again, so that what lies behind it is reached.
      run: bytes => codec.decode(concatBytes(createKeccak256().update(bytes.slice(32)).digest(), bytes.subarray(32)))
    },
    ofText('record text', [formatRecord(record)], parseRecord),
    ofText(
      'enode',
      [`enode://${'ab'.repeat(64)}@1.2.3.4:1?discport=2`, `enode://${'ab'.repeat(64)}@[::1]:1`],
      parseEnode
    ),
    ofText('node list url', [url], parseTreeUrl),
    ofText(
      'node list root',
      [`enrtree-root:v1 e=JWXYDBPXYWG6FX3GMDIBFA6CJ4 l=C7HRFPF3BLGF3YR4DY5KX3SMBE seq=1 sig=${'A'.repeat(86)}E`],
      value => parseTreeRoot(value, publicKey)
    ),
    ofText('node list entry', ['enrtree-branch:JWXYDBPXYWG6FX3GMDIBFA6CJ4,C7HRFPF3BLGF3YR4DY5KX3SMBE'], value =>
      parseTreeEntry('JWXYDBPXYWG6FX3GMDIBFA6CJ4', value, 'records')
    ),
    ofText('NAT string', ['extip:77.12.33.4', 'any', 'pmp:192.168.0.1'], parseNat)
  ]
}

export interface FuzzOutcome {
  readonly values: number
  readonly refusals: number
}

/** Runs `count` mutated inputs of a target; throws for anything that is neither a value nor our own error. */
export function fuzz(
  target: FuzzTarget,
  count: number,
  seed: number,
  isOurs: (error: unknown) => boolean
): FuzzOutcome {
  const next = seededRandom(seed)
  let values = 0
  let refusals = 0
  for (let i = 0; i < count; i++) {
    const start = target.seeds[next(target.seeds.length)] ?? new Uint8Array(0)
    const input = mutate(start, next)
    try {
      target.run(input)
      values++
    } catch (error) {
      if (!isOurs(error)) {
        throw new Error(`${target.name}: input ${i} of seed ${seed} threw ${String(error)}`, { cause: error })
      }
      refusals++
    }
  }
  return { values, refusals }
}
