import { concatBytes, createKeccak256, eciesEncrypt, hexToBytes, publicKeyOf, utf8Bytes } from '@status-stack/crypto'
import { encodeRlp } from '@status-stack/rlp'
import { parseEnode } from '../src/enode.ts'
import { createFrameSealer } from '../src/frame/frame.ts'
import { createFrameReader, splitMessage } from '../src/frame/reader.ts'
import { decodeAck } from '../src/handshake/ack.ts'
import { decodeAuth } from '../src/handshake/auth.ts'
import { createHandshakeReader } from '../src/handshake/packet.ts'
import { decodeDisconnect, decodeHello, encodeHello } from '../src/p2p/messages.ts'
import { decompress } from '../src/p2p/snappy.ts'
import { compressed } from '../src/p2p/snappy-compress.ts'
import type { FuzzTarget } from '../src/testing/index.ts'

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

/** Every decoder of a session that sees network bytes or text. */
export function fuzzTargets(): readonly FuzzTarget[] {
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
    ofText(
      'enode',
      [`enode://${'ab'.repeat(64)}@1.2.3.4:1?discport=2`, `enode://${'ab'.repeat(64)}@[::1]:1`],
      parseEnode
    )
  ]
}
