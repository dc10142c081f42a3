import { connect, createServer } from 'node:net'
import { ecdhX, generatePrivateKey, publicKeyOf, signDigest } from '@status-stack/crypto'
import { createWhisper } from '@status-stack/whisper'
import { planInterest, planRoute } from '@status-stack/whisper/status'
import { socketLink } from './socket-link.js'

/** A person: what Whisper needs of an identity key. */
function person() {
  const key = generatePrivateKey()
  return {
    publicKey: publicKeyOf(key),
    sign: (/** @type {Uint8Array} */ digest) => signDigest(digest, key),
    ecdhX: (/** @type {Uint8Array} */ other) => ecdhX(key, other)
  }
}

const ids = { relay: 'a'.repeat(64), alice: 'b'.repeat(64), bob: 'c'.repeat(64) }
const [relay, alice, bob] = [createWhisper(), createWhisper(), createWhisper()]
await Promise.all([relay, alice, bob].map(node => node.start()))

// The relay takes connections: Alice's first, then Bob's.
const callers = [ids.alice, ids.bob]
const server = createServer(socket => void relay.attach(socketLink(socket, callers.shift() ?? '')))
await new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(undefined)))
const address = server.address()
const port = typeof address === 'object' ? (address?.port ?? 0) : 0
for (const node of [alice, bob]) {
  const socket = connect(port, '127.0.0.1')
  void node.attach(socketLink(socket, ids.relay))
  await new Promise(resolve => socket.once('connect', resolve))
}

const [aliceKey, bobKey] = [person(), person()]
const inbox = bob.subscribe(await planInterest(bobKey, { kind: 'identity' }))
await inbox.ready

const route = await planRoute({ kind: 'identity', publicKey: bobKey.publicKey })
while (!alice.connected()) await new Promise(resolve => setTimeout(resolve, 10))
const { hash } = await alice.post({ route, payload: new TextEncoder().encode('hello Bob'), signer: aliceKey })
console.log(`alice posted envelope ${Buffer.from(hash).toString('hex').slice(0, 8)}…`)

for await (const { payload, guarantee } of inbox) {
  console.log(`bob heard "${new TextDecoder().decode(payload)}" (${guarantee})`)
  break
}
await Promise.all([alice, bob, relay].map(node => node.stop()))
server.close()
