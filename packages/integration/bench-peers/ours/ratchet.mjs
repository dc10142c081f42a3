// Our ratchet and the whole sealer, rows of status-go's encryption.   node ratchet.mjs [native|noble] [units]
import { ours } from './packages.mjs'

const [backend = 'auto', count = '300'] = process.argv.slice(2)
const units = Number(count)
const crypto = await ours('crypto')
const { createSealer, memorySessionStore } = await ours('status-pfs')
const ratchet = await ours('status-pfs', 'primitives')
if (backend === 'noble') {
  crypto.useEcBackend('noble')
  crypto.useHashBackend('js')
}
const cpu = () => {
  const { user, system } = process.cpuUsage()
  return user + system
}
const text = new Uint8Array(300)
const random = { bytes: length => crypto.randomBytes(length) }
const clock = { nowMs: () => Date.now() }

function ratchetPair() {
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
        state = {
          ...opened.state,
          messageKeys: ratchet.withoutMessageKey(opened.state.messageKeys, header.key, header.n)
        }
      }
    }
  }
  return [
    side(ratchet.initiatorRatchet(secret, prekey.publicKey, ratchet.generateKeyPair(random))),
    side(ratchet.responderRatchet(secret, prekey))
  ]
}

async function sealerPair() {
  const identity = () => {
    const key = crypto.generatePrivateKey()
    const publicKey = crypto.publicKeyOf(key)
    return { publicKey, sign: digest => crypto.signDigest(digest, key), ecdhX: other => crypto.ecdhX(key, other) }
  }
  const [a, b] = [identity(), identity()]
  const make = (who, installationId) =>
    createSealer({ identity: who, store: memorySessionStore(), clock, random }, { installationId })
  const [alice, bob] = [await make(a, 'alice'), await make(b, 'bob')]
  const side = (mine, theirs) => ({
    encrypt: async bytes =>
      (await mine.seal(bytes, { kind: 'identity', publicKey: theirs.publicKey, reach: 'known-devices' })).bytes,
    decrypt: async bytes => {
      const opened = await mine.open(bytes, { sender: theirs.publicKey })
      if (opened.kind !== 'message') throw new Error(opened.reason)
      if (opened.receipt !== undefined) await mine.confirm(opened.receipt)
    }
  })
  return [side(alice, b), side(bob, a)]
}

async function measure(name, make) {
  const settled = async () => {
    const [alice, bob] = await make()
    for (let turn = 0; turn < 2; turn++) {
      await bob.decrypt(await alice.encrypt(text.slice()))
      await alice.decrypt(await bob.encrypt(text.slice()))
    }
    return [alice, bob]
  }
  for (const counted of [false, true]) {
    let start
    let before
    const begin = () => {
      start = performance.now()
      before = cpu()
    }
    const say = row => {
      const micros = ((performance.now() - start) * 1000) / units
      if (counted) console.log(JSON.stringify({ row: `${row}, ${name}`, micros, cpuMicros: (cpu() - before) / units }))
    }
    let [alice, bob] = await settled()
    const messages = []
    begin()
    for (let i = 0; i < units; i++) messages.push(await alice.encrypt(text.slice()))
    say('seal')
    begin()
    for (const message of messages) await bob.decrypt(message)
    say('open')
    ;[alice, bob] = await settled()
    begin()
    for (let i = 0; i < units; i += 2) {
      await bob.decrypt(await alice.encrypt(text.slice()))
      await alice.decrypt(await bob.encrypt(text.slice()))
    }
    say('DH step, there and opened')
  }
}

await measure('ratchet step', ratchetPair)
await measure('whole layer', sealerPair)
