// `node bench/run.mjs [--json]`: ours and the peers of bench/peers side by side, in one process.
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, clocked, compareClocked, peers, report } from '../../../tools/bench-harness.mjs'
import { libsignal } from './libsignal.mjs'
import { privacyresearch } from './privacyresearch.mjs'

const home = fileURLToPath(new URL('..', import.meta.url))
build(fileURLToPath(new URL('../../crypto', import.meta.url)))
build(home)
const crypto = await import('@status-stack/crypto')
const { createSealer, memorySessionStore } = await import('@status-stack/status-pfs')
const ratchet = await import('@status-stack/status-pfs/primitives')
const peer = await peers(import.meta.dirname)
const peerPairs = { libsignal: await libsignal(peer), privacyresearch: await privacyresearch(peer) }

const plaintext = Uint8Array.from({ length: 300 }, (_, i) => i & 255)
const random = { bytes: crypto.randomBytes }
const clock = { nowMs: () => Date.now() }

function identity() {
  const key = crypto.generatePrivateKey()
  const publicKey = crypto.publicKeyOf(key)
  return { publicKey, sign: digest => crypto.signDigest(digest, key), ecdhX: other => crypto.ecdhX(key, other) }
}

/** Two ratchets, each state stored as its bytes after every step. */
async function ratchetPair() {
  const prekey = ratchet.generateKeyPair(random)
  const secret = crypto.randomBytes(32)
  const side = initial => {
    const store = memorySessionStore()
    const id = Uint8Array.of(1)
    const load = async () => {
      const stored = await store.get(id)
      return { state: ratchet.decodeRatchet(stored.record), revision: stored.revision }
    }
    const save = (state, revision) => store.put(id, ratchet.encodeRatchet(state), revision)
    return {
      ready: save(initial, 0),
      encrypt: async bytes => {
        const { state, revision } = await load()
        const { state: next, header, payload } = ratchet.encryptMessage(state, bytes)
        await save(next, revision)
        return { header, payload }
      },
      decrypt: async ({ header, payload }) => {
        const { state, revision } = await load()
        const opened = ratchet.decryptMessage(state, header, payload, { random, nowMs: 0 })
        if (!opened.ok) throw new Error(opened.reason)
        // The peers delete the message key at once.
        const messageKeys = ratchet.withoutMessageKey(opened.state.messageKeys, header.key, header.n)
        await save({ ...opened.state, messageKeys }, revision)
        return opened.plaintext
      }
    }
  }
  const bob = side(ratchet.responderRatchet(secret, prekey))
  const alice = side(ratchet.initiatorRatchet(secret, prekey.publicKey, ratchet.generateKeyPair(random)))
  await Promise.all([alice.ready, bob.ready])
  return { alice, bob }
}

/** The ratchet alone, its state in memory: what the step itself costs. */
async function bareRatchetPair() {
  const prekey = ratchet.generateKeyPair(random)
  const secret = crypto.randomBytes(32)
  const side = initial => {
    let state = initial
    return {
      encrypt: bytes => {
        const out = ratchet.encryptMessage(state, bytes)
        state = out.state
        return out
      },
      decrypt: ({ header, payload }) => {
        const opened = ratchet.decryptMessage(state, header, payload, { random, nowMs: 0 })
        if (!opened.ok) throw new Error(opened.reason)
        const messageKeys = ratchet.withoutMessageKey(opened.state.messageKeys, header.key, header.n)
        state = { ...opened.state, messageKeys }
        return opened.plaintext
      }
    }
  }
  return {
    alice: side(ratchet.initiatorRatchet(secret, prekey.publicKey, ratchet.generateKeyPair(random))),
    bob: side(ratchet.responderRatchet(secret, prekey))
  }
}

/** The whole layer: bundle signed and verified, ProtocolMessage, records of peer and self. */
async function sealerPair() {
  const [a, b] = [identity(), identity()]
  const make = (who, installationId) =>
    createSealer({ identity: who, store: memorySessionStore(), clock, random }, { installationId })
  const [alice, bob] = [await make(a, 'alice'), await make(b, 'bob')]
  const side = (mine, theirs, other) => ({
    encrypt: async bytes => {
      const sealed = await mine.seal(bytes, { kind: 'identity', publicKey: theirs.publicKey, reach: 'known-devices' })
      return sealed.bytes
    },
    decrypt: async bytes => {
      const opened = await mine.open(bytes, { sender: other.publicKey })
      if (opened.kind !== 'message') throw new Error(opened.reason)
      if (opened.receipt !== undefined) await mine.confirm(opened.receipt)
      return opened.bytes
    }
  })
  return { alice: side(alice, b, b), bob: side(bob, a, a) }
}

/** A pair whose ratchet has turned both ways. */
async function settled(make) {
  const pair = await make()
  for (let turn = 0; turn < 2; turn++) {
    await pair.bob.decrypt(await pair.alice.encrypt(plaintext.slice()))
    await pair.alice.decrypt(await pair.bob.encrypt(plaintext.slice()))
  }
  return pair
}

function encrypting(make) {
  return async units => {
    const { alice } = await settled(make)
    return clocked(async () => {
      for (let i = 0; i < units; i++) await alice.encrypt(plaintext.slice())
    })
  }
}

function decrypting(make) {
  return async units => {
    const { alice, bob } = await settled(make)
    const messages = []
    for (let i = 0; i < units; i++) messages.push(await alice.encrypt(plaintext.slice()))
    return clocked(async () => {
      for (const message of messages) await bob.decrypt(message)
    })
  }
}

/** One unit: a message that turns the ratchet, sealed and opened. */
function pingPong(make) {
  return async units => {
    const { alice, bob } = await settled(make)
    return clocked(async () => {
      for (let i = 0; i < units; i += 2) {
        await bob.decrypt(await alice.encrypt(plaintext.slice()))
        await alice.decrypt(await bob.encrypt(plaintext.slice()))
      }
    })
  }
}

async function group(units) {
  const me = identity()
  const sealer = await createSealer(
    { identity: me, store: memorySessionStore(), clock, random },
    { installationId: 'me' }
  )
  const members = Array.from({ length: units }, () => ({
    kind: 'identity',
    publicKey: identity().publicKey,
    reach: 'known-devices'
  }))
  return clocked(async () => {
    for (const member of members) await sealer.seal(plaintext, member)
  })
}

const backend = name => make => async units => {
  crypto.useEcBackend(name)
  return make(units)
}
const [native, noble] = [backend('native'), backend('noble')]
const { libsignal: signal, privacyresearch: research } = peerPairs

const jobs = []
const step = async (job, kind, units) => {
  const candidates = {
    'ratchet step, native EC': native(kind(bareRatchetPair)),
    'ratchet step, noble EC': noble(kind(bareRatchetPair)),
    'step and stored record, native EC': native(kind(ratchetPair)),
    'step and stored record, noble EC': noble(kind(ratchetPair)),
    'whole sealer, native EC': native(kind(sealerPair)),
    'whole sealer, noble EC': noble(kind(sealerPair)),
    '@signalapp/libsignal-client': kind(signal),
    '@privacyresearch/libsignal-protocol-typescript': kind(research)
  }
  jobs.push(await compareClocked(job, candidates, { units }))
}
await step('symmetric step, seal 300 bytes', encrypting, 300)
await step('symmetric step, open 300 bytes', decrypting, 300)
await step('DH step, a 300-byte message there and opened', pingPong, 20)
for (const members of [10, 100]) {
  const candidates = { 'native EC': native(group), 'noble EC': noble(group) }
  jobs.push(await compareClocked(`group of ${members}, one member`, candidates, { units: members, rounds: 3 }))
}
crypto.useEcBackend('auto')

report('status-pfs', jobs, { bundleGzipBytes: await bundleSize() })

/** The main entry with everything of this package, without dependencies, minified and compressed. */
async function bundleSize() {
  const { createRequire } = await import('node:module')
  const esbuild = createRequire(createRequire(`${home}package.json`).resolve('tsup'))('esbuild')
  const built = await esbuild.build({
    entryPoints: [`${home}dist/index.js`],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    external: ['protobufjs/*', 'long', '@status-stack/crypto']
  })
  return gzipSync(built.outputFiles[0].contents).length
}
