// `node bench/run.mjs [--json]`: ours and the peers of bench/peers side by side, in one process.
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, clocked, compareClocked, peers, report } from '../../../tools/bench-harness.mjs'
import { ratchetPairs, settled } from '../../../tools/bench-ratchets.mjs'
import { libsignal } from './libsignal.mjs'
import { privacyresearch } from './privacyresearch.mjs'

const home = fileURLToPath(new URL('..', import.meta.url))
build(fileURLToPath(new URL('../../crypto', import.meta.url)))
build(home)
const crypto = await import('@status-stack/crypto')
const pfs = await import('@status-stack/status-pfs')
const primitives = await import('@status-stack/status-pfs/primitives')
const peer = await peers(import.meta.dirname)
const peerPairs = { libsignal: await libsignal(peer), privacyresearch: await privacyresearch(peer) }

const plaintext = Uint8Array.from({ length: 300 }, (_, i) => i & 255)
const ours = ratchetPairs({ crypto, pfs, primitives })

function encrypting(make) {
  return async units => {
    const { alice } = await settled(make, plaintext)
    return clocked(async () => {
      for (let i = 0; i < units; i++) await alice.encrypt(plaintext.slice())
    })
  }
}

function decrypting(make) {
  return async units => {
    const { alice, bob } = await settled(make, plaintext)
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
    const { alice, bob } = await settled(make, plaintext)
    return clocked(async () => {
      for (let i = 0; i < units; i += 2) {
        await bob.decrypt(await alice.encrypt(plaintext.slice()))
        await alice.decrypt(await bob.encrypt(plaintext.slice()))
      }
    })
  }
}

async function group(units) {
  const sealer = await ours.sealerOf(ours.identity(), 'me')
  const members = Array.from({ length: units }, () => ({
    kind: 'identity',
    publicKey: ours.identity().publicKey,
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
    'ratchet step, native EC': native(kind(ours.inMemory)),
    'ratchet step, noble EC': noble(kind(ours.inMemory)),
    'step and stored record, native EC': native(kind(ours.stored)),
    'step and stored record, noble EC': noble(kind(ours.stored)),
    'whole sealer, native EC': native(kind(ours.sealers)),
    'whole sealer, noble EC': noble(kind(ours.sealers)),
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
