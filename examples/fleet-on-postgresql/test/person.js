import { ecdhX, generatePrivateKey, publicKeyOf, signDigest } from '@status-stack/crypto'
import { createHost } from '@status-stack/devp2p-transport'
import { createWhisper } from '@status-stack/whisper'
import { planInterest, planRoute } from '@status-stack/whisper/status'

const key = generatePrivateKey()
const signer = {
  publicKey: publicKeyOf(key),
  sign: (/** @type {Uint8Array} */ digest) => signDigest(digest, key),
  ecdhX: (/** @type {Uint8Array} */ other) => ecdhX(key, other)
}
const place = /** @type {const} */ ({ kind: 'public', name: 'fleet' })

/** Somebody who connects to one relay, does something there and leaves. */
async function at(
  /** @type {string} */ enode,
  /** @type {(whisper: import('@status-stack/whisper').Whisper, relay: string) => Promise<void>} */ use
) {
  const whisper = createWhisper()
  const capabilities = [
    {
      ...whisper.capability,
      run: (/** @type {import('@status-stack/devp2p-transport').PeerLink} */ link) => whisper.attach(link)
    }
  ]
  const host = createHost({ privateKey: generatePrivateKey(), capabilities }, { listen: false })
  await whisper.start()
  await host.start()
  const { peerId } = await host.dial(enode)
  while (!whisper.connected()) await new Promise(resolve => setTimeout(resolve, 10))
  await use(whisper, peerId)
  await host.stop()
  await whisper.stop()
}

/** Posts a text and waits until it is archived. */
export const say = (/** @type {string} */ enode, /** @type {string} */ text) =>
  at(enode, async whisper => {
    const route = await planRoute(place)
    const { confirmations } = await whisper.post({ route, payload: new TextEncoder().encode(text) })
    for await (const _ of confirmations) break
  })

/** All texts of the last hour. */
export async function catchUp(/** @type {string} */ enode) {
  /** @type {string[]} */
  const texts = []
  await at(enode, async (whisper, relay) => {
    const interests = [await planInterest(signer, place)]
    const fromSeconds = Math.floor(Date.now() / 1000) - 3600
    const page = await whisper.history(relay, { interests, fromSeconds, toSeconds: 0, limit: 100, signer })
    for (const { payload } of page.deliveries) texts.push(new TextDecoder().decode(payload))
  })
  return texts
}
