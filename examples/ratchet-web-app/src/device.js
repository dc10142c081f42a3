import { ecdhX, generatePrivateKey, publicKeyOf, randomBytes, signDigest } from '@status-stack/crypto'
import { createSealer } from '@status-stack/status-pfs'

/** @import { Effect, SessionStore } from '@status-stack/status-pfs' */

const identityName = new TextEncoder().encode('identity key')

/**
 * The key of this device's identity: made at the first call, found again later.
 *
 * @param {SessionStore} store
 * @returns {Promise<Uint8Array>}
 */
async function identityKey(store) {
  const found = await store.get(identityName)
  if (found !== undefined) return found.record
  const made = generatePrivateKey()
  // Another tab may have been faster; then its key counts.
  return (await store.put(identityName, made, 0)) ? made : identityKey(store)
}

/**
 * One device that encrypts for others. What it seals goes to `send`, with the public key of whom it is for; how it gets there is up to you.
 *
 * @param {string} installationId names this device among those of its identity; keep it with the store
 * @param {SessionStore} store
 * @param {(bytes: Uint8Array, to: Uint8Array) => Promise<void>} send
 */
export async function openDevice(installationId, store, send) {
  const key = await identityKey(store)
  const identity = {
    publicKey: publicKeyOf(key),
    sign: (/** @type {Uint8Array} */ digest) => signDigest(digest, key),
    ecdhX: (/** @type {Uint8Array} */ other) => ecdhX(key, other)
  }
  const ports = { identity, store, clock: { nowMs: () => Date.now() }, random: { bytes: randomBytes } }
  const sealer = await createSealer(ports, { installationId })

  /** @param {Uint8Array} bytes @param {Uint8Array} publicKey */
  async function post(bytes, publicKey) {
    const sealed = await sealer.seal(bytes, { kind: 'identity', publicKey, reach: 'known-devices' })
    await apply(sealed.effects)
    if (sealed.kind === 'nobody') throw new Error('there is no device to encrypt for')
    await send(sealed.bytes, publicKey)
    return sealed.protection
  }

  /** Effects are what the ratchet wants done elsewhere. Here it is one thing: to tell a device that does not know us. */
  async function apply(/** @type {readonly Effect[]} */ effects) {
    for (const effect of effects)
      if (effect.kind === 'advertise') {
        const sealed = await sealer.seal(new Uint8Array(), effect.to)
        if (sealed.kind === 'sealed' && effect.to.kind === 'identity') await send(sealed.bytes, effect.to.publicKey)
      }
  }

  return {
    publicKey: identity.publicKey,
    /** Encrypts a text and sends it; answers how it was protected. */
    write: (/** @type {string} */ text, /** @type {Uint8Array} */ to) => post(new TextEncoder().encode(text), to),
    /**
     * Decrypts what came from `sender`. `keep` stores the text; only then the message's key is deleted, so that nothing is lost when the page
     * is closed in between.
     */
    read: async (
      /** @type {Uint8Array} */ bytes,
      /** @type {Uint8Array} */ sender,
      /** @type {(text: string, protection: string) => Promise<void>} */ keep
    ) => {
      const opened = await sealer.open(bytes, { sender })
      await apply(opened.effects)
      if (opened.kind === 'unreadable') console.warn('not readable:', opened.reason)
      if (opened.kind !== 'message') return
      if (opened.bytes.length > 0) await keep(new TextDecoder().decode(opened.bytes), opened.protection)
      if (opened.receipt !== undefined) await sealer.confirm(opened.receipt)
    }
  }
}
