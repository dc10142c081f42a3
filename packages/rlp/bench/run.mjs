// `node bench/run.mjs [--json]`: ours and the peers of bench/peers side by side, in one process.
import { keccak256 } from '@status-stack/crypto'
import { build, compare, peers, report } from '../../../tools/bench-harness.mjs'

build(`${import.meta.dirname}/..`)
const peer = await peers(import.meta.dirname)
const { decodeRlp, encodeRlp, splitRlpList, uintBytes } = await import('@status-stack/rlp')
const { RLP } = await peer('@ethereumjs/rlp')
const { keccak_256 } = await peer('@noble/hashes/sha3.js')

const bytes = length => Uint8Array.from({ length }, (_, i) => (i * 89 + 7) & 0xff)
const envelope = dataLength => [1_577_836_810, 10, bytes(4), bytes(dataLength), 957]
const one = encodeRlp(envelope(531))
const hundred = encodeRlp(Array.from({ length: 100 }, () => envelope(271)))
const decoded = decodeRlp(hundred)
const envelopeValues = envelope(531)
const bomb = nested(2000)

/** Lists in lists, written from the inside. */
function nested(levels) {
  let list = new Uint8Array(0)
  for (let i = 0; i < levels; i++) {
    const { length } = list
    const header = length <= 55 ? [0xc0 + length] : [0xf7 + uintBytes(length).length, ...uintBytes(length)]
    list = Uint8Array.of(...header, ...list)
  }
  return list
}

function refusal(work) {
  return () => {
    try {
      work()
    } catch {
      return
    }
    throw new Error('accepted')
  }
}

const jobs = [
  await compare(`decode and hash an envelope of ${one.length} bytes`, {
    'ours, with the kernel of @status-stack/crypto': () => [decodeRlp(one), keccak256(one)],
    '@ethereumjs/rlp and noble': () => [RLP.decode(one), keccak_256(one)]
  }),
  await compare(`decode an envelope of ${one.length} bytes`, {
    ours: () => decodeRlp(one),
    '@ethereumjs/rlp': () => RLP.decode(one)
  }),
  await compare(`decode a packet of 100 envelopes, ${hundred.length} bytes`, {
    ours: () => decodeRlp(hundred),
    'ours, split only': () => splitRlpList(hundred),
    '@ethereumjs/rlp': () => RLP.decode(hundred)
  }),
  await compare('encode the same', {
    ours: () => encodeRlp(decoded),
    '@ethereumjs/rlp': () => RLP.encode(decoded)
  }),
  await compare('encode an envelope from its values', {
    ours: () => encodeRlp(envelopeValues),
    '@ethereumjs/rlp': () => RLP.encode(envelopeValues)
  }),
  // 1 MB of this takes the peer's decoder seconds and gigabytes; 6 KB show the same shape.
  await compare('refuse lists nested 2000 deep', {
    ours: refusal(() => decodeRlp(bomb)),
    '@ethereumjs/rlp, which accepts them': () => RLP.decode(bomb)
  })
]
report('rlp', jobs)
