import { ecdhX, generatePrivateKey, publicKeyOf, signDigest } from '@status-stack/crypto'
import { planInterest } from '@status-stack/whisper/status'
import { joinNetwork } from './join-network.js'

const [enode = '', chat = ''] = process.argv.slice(2)
const { whisper, relay, leave } = await joinNetwork(enode)

// A request is signed. A key that is made for it tells the relay nothing about who asks.
const key = generatePrivateKey()
const signer = {
  publicKey: publicKeyOf(key),
  sign: (/** @type {Uint8Array} */ digest) => signDigest(digest, key),
  ecdhX: (/** @type {Uint8Array} */ other) => ecdhX(key, other)
}
const query = {
  interests: [await planInterest(signer, { kind: 'public', name: chat })],
  fromSeconds: Math.floor(Date.now() / 1000) - 86_400,
  toSeconds: 0,
  limit: 100,
  signer
}
/** @type {Uint8Array | undefined} */
let cursor
do {
  const page = await whisper.history(relay, cursor === undefined ? query : { ...query, cursor })
  for (const { payload } of page.deliveries) console.log(new TextDecoder().decode(payload))
  cursor = page.cursor
} while (cursor !== undefined)
await leave()
