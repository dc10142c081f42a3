import { generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { createSync, memorySyncStore } from '@status-stack/status-sync'
import { createLossyLink } from './lossy-link.js'

/** @import { Sync } from '@status-stack/status-sync' */

const count = Number(process.argv[2] ?? 20)
const link = createLossyLink(Math.random)
const keys = { alice: publicKeyOf(generatePrivateKey()), bob: publicKeyOf(generatePrivateKey()) }
// A clock that the program moves: MVDS waits 30 s before it sends again, and nobody wants to watch that.
let nowMs = Date.now()

/** @param {Uint8Array} self @param {string} to */
const node = (self, to) =>
  createSync({
    self,
    store: memorySyncStore(),
    clock: { nowMs: () => nowMs },
    maxBytes: async () => 200,
    output: async (_peer, bytes) => {
      link.send(to, bytes)
      return 'sent'
    },
    settled: async ({ outcome }) => {
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    }
  })
/** @type {Record<string, number>} */
const outcomes = {}
const alice = node(keys.alice, 'bob')
const bob = node(keys.bob, 'alice')

/** @type {string[]} */
const shown = []
/** What arrives is handed to the node, shown, and only then accepted: the acknowledgement follows. */
async function take(/** @type {Sync} */ at, /** @type {Uint8Array} */ from, /** @type {Uint8Array} */ bytes) {
  const received = await at.receive(from, bytes)
  if (received.kind !== 'payload') return
  for (const { body } of received.bodies) shown.push(new TextDecoder().decode(body))
  await at.accept(
    from,
    received.bodies.map(({ id }) => id)
  )
}

for (let at = 1; at <= count; at++)
  await alice.enqueue({ peer: keys.bob, body: new TextEncoder().encode(`message ${at}`), tracking: `message-${at}` })

let rounds = 0
for (; (outcomes['acknowledged'] ?? 0) < count; rounds++) {
  await alice.tick()
  await bob.tick()
  for (let packet = link.next(); packet !== undefined; packet = link.next())
    await (packet.to === 'bob' ? take(bob, keys.alice, packet.bytes) : take(alice, keys.bob, packet.bytes))
  nowMs += 60_000
}
const { sent, lost, doubled } = link.seen
console.log(`${sent} payloads sent, ${lost} lost, ${doubled} doubled, ${rounds} rounds`)
console.log(`bob showed ${shown.length} messages, ${new Set(shown).size} of them different`)
console.log(`alice knows of ${outcomes['acknowledged']} acknowledgements`)
