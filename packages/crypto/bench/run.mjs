// `node bench/run.mjs [--json]`: ours and the peers of bench/peers side by side, in one process.
import * as nodeCrypto from 'node:crypto'
import { build, compare, peers, report } from '../../../tools/bench-harness.mjs'

build(`${import.meta.dirname}/..`)
const peer = await peers(import.meta.dirname)
const ours = await import('@status-stack/crypto')
const { keccak_256 } = await peer('@noble/hashes/sha3.js')
const { hmac } = await peer('@noble/hashes/hmac.js')
const { hkdf } = await peer('@noble/hashes/hkdf.js')
const noble = await peer('@noble/hashes/sha2.js')
const { secp256k1 } = await peer('@noble/curves/secp256k1.js')
const { gcm, ctr } = await peer('@noble/ciphers/aes.js')
const { createKeccak } = await peer('hash-wasm')

const bytes = length => Uint8Array.from({ length }, (_, i) => (i * 89) & 0xff)
const key = bytes(32)
const jobs = []

async function search(length) {
  const prefix = bytes(length - 8)
  const tries = 4096
  const variants = ['simd', 'scalar', 'js'].map(variant => {
    const prepared = ours.prepareNonceSearch(prefix, { variant })
    return [variant, () => prepared.search(200, 0, tries)]
  })
  const message = new Uint8Array(length)
  message.set(prefix)
  const view = new DataView(message.buffer)
  const loop = () => {
    for (let nonce = 0; nonce < tries; nonce++) {
      view.setBigUint64(length - 8, BigInt(nonce))
      if (keccak_256(message)[0] === 256) throw new Error('unreachable')
    }
  }
  const candidates = { ...Object.fromEntries(variants), 'loop over noble keccak_256': loop }
  jobs.push(await compare(`nonce search, one try, ${length} bytes hashed`, candidates, { units: tries, rounds: 5 }))
}
for (const length of [64, 137, 324, 1108]) await search(length)

const hashWasm = await createKeccak(256)
for (const length of [64, 324, 1024, 65_536]) {
  const message = bytes(length)
  jobs.push(
    await compare(`Keccak-256, ${length} bytes`, {
      wasm: () => ours.keccak256(message),
      'hash-wasm': () => hashWasm.init().update(message).digest('binary'),
      noble: () => keccak_256(message)
    })
  )
}

const step = bytes(32)
const running = ours.createKeccak256()
const runningNoble = keccak_256.create()
hashWasm.init()
jobs.push(
  await compare('RLPx MAC: update of 32 bytes and a digest that goes on', {
    wasm: () => running.update(step).digest(),
    'hash-wasm save, digest, load': () => {
      hashWasm.update(step)
      const state = hashWasm.save()
      hashWasm.digest('binary')
      hashWasm.init()
      hashWasm.load(state)
    },
    'noble clone': () => runningNoble.update(step).clone().digest()
  })
)

const node = {
  sha256: message => nodeCrypto.createHash('sha256').update(message).digest(),
  hmac: message => nodeCrypto.createHmac('sha256', key).update(message).digest()
}
for (const length of [32, 128, 1024]) {
  const message = bytes(length)
  jobs.push(
    await compare(`SHA-256, ${length} bytes`, {
      ours: () => ours.sha256(message),
      'node:crypto createHash': () => node.sha256(message),
      'node:crypto hash': () => nodeCrypto.hash('sha256', message, 'buffer'),
      noble: () => noble.sha256(message)
    })
  )
}
for (const length of [1, 200, 1024]) {
  const message = bytes(length)
  jobs.push(
    await compare(`HMAC-SHA-256, ${length} bytes`, {
      ours: () => ours.hmacSha256(key, message),
      'node:crypto': () => node.hmac(message),
      noble: () => hmac(noble.sha256, key, message)
    })
  )
}
jobs.push(
  await compare('HKDF-SHA-256, 32 to 80 bytes', {
    ours: () => ours.hkdfSha256(key, key, key, 80),
    'node:crypto': () => nodeCrypto.hkdfSync('sha256', key, key, key, 80),
    noble: () => hkdf(noble.sha256, key, key, key, 80)
  })
)

const nonce = bytes(12)
const iv = bytes(16)
for (const length of [256, 1024]) {
  const message = bytes(length)
  jobs.push(
    await compare(`AES-256-GCM seal, ${length} bytes`, {
      ours: () => ours.aesGcmSeal(key, nonce, message),
      noble: () => gcm(key, nonce).encrypt(message)
    }),
    await compare(`AES-256-CTR, ${length} bytes`, {
      ours: () => ours.aesCtr(key, iv, message),
      noble: () => ctr(key, iv).encrypt(message)
    })
  )
}

const digest = ours.keccak256(key)
const publicKey = ours.publicKeyOf(key)
const signature = ours.signDigest(digest, key)
const recovered = new Uint8Array(65)
recovered.set(signature.subarray(0, 64), 1)
recovered[0] = signature[64]
const sealed = ours.eciesEncrypt(publicKey, bytes(256))
const backends = work => {
  const with_ = backend => () => {
    ours.useEcBackend(backend)
    return work()
  }
  return { native: with_('native'), 'openssl backend': with_('openssl'), 'noble backend': with_('noble') }
}
jobs.push(
  await compare('sign', {
    ...backends(() => ours.signDigest(digest, key)),
    '@noble/curves': () => secp256k1.sign(digest, key, { prehash: false, format: 'recovered' })
  }),
  await compare('recover', {
    ...backends(() => ours.recoverPublicKey(digest, signature)),
    '@noble/curves': () => secp256k1.recoverPublicKey(recovered, digest, { prehash: false })
  }),
  await compare('ECDH', {
    ...backends(() => ours.ecdhX(key, publicKey)),
    '@noble/curves': () => secp256k1.getSharedSecret(key, publicKey)
  }),
  await compare(
    'ECIES open, 256 bytes',
    backends(() => ours.eciesDecrypt(key, sealed))
  )
)
ours.useEcBackend('auto')

report('crypto', jobs)
