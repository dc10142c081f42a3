import { concatBytes, createKeccak256, hexToBytes, publicKeyOf, utf8Bytes } from '@status-stack/crypto'
import type { FuzzTarget } from '@status-stack/rlpx/testing'
import { parseTreeEntry, parseTreeRoot, parseTreeUrl } from '../src/discovery/dns-tree.ts'
import { decodeRecord, formatRecord, parseRecord } from '../src/discovery/enr.ts'
import { createPacketCodec, type Discv4Library } from '../src/discovery/packet.ts'
import { createRecord } from '../src/discovery/signed-record.ts'
import { parseNat } from '../src/nat/spec.ts'

const key = hexToBytes('b71c71a67e1177ad4e901695e1b4b9ee17ae16c6668d313eac2f96dbcda3f291')
const publicKey = publicKeyOf(key)
const field = (length: number): Uint8Array => new Uint8Array(length).fill(7)
const text = new TextDecoder()

/** Every decoder of discovery and port mapping that sees network bytes or text. `library` is the discovery codec. */
export function fuzzTargets(library: Discv4Library): readonly FuzzTarget[] {
  const codec = createPacketCodec(library)
  const record = createRecord(key, 5n, { ip: '9.9.9.9', tcp: 1, udp: 2 })
  const endpoint = { address: '9.9.9.9', udpPort: 30_303, tcpPort: 30_303 }
  const url = 'enrtree://AM5FCQLWIZX2QFPNJAP7VUERCCRNGRHWZG3YYHIUV7BVDQ5FDPRT2@morenodes.example.org'
  const ofText = (name: string, seeds: readonly string[], run: (value: string) => unknown): FuzzTarget => ({
    name,
    seeds: seeds.map(utf8Bytes),
    run: bytes => run(text.decode(bytes))
  })
  return [
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
