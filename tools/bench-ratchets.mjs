// Pairs that talk to each other in benches of status-pfs: the ratchet alone, with stored records, and the whole layer.

/** `modules` are the packages as they were built: crypto, status-pfs, and the latter's `./primitives`. */
export function ratchetPairs({ crypto, pfs, primitives: ratchet }) {
  const { createSealer, memorySessionStore } = pfs
  const random = { bytes: length => crypto.randomBytes(length) }
  const clock = { nowMs: () => Date.now() }

  function opening(state, { header, payload }) {
    const opened = ratchet.decryptMessage(state, header, payload, { random, nowMs: 0 })
    if (!opened.ok) throw new Error(opened.reason)
    // The peers delete the message key at once.
    const messageKeys = ratchet.withoutMessageKey(opened.state.messageKeys, header.key, header.n)
    return { plaintext: opened.plaintext, state: { ...opened.state, messageKeys } }
  }

  function pairOf(side) {
    const prekey = ratchet.generateKeyPair(random)
    const secret = crypto.randomBytes(32)
    return {
      alice: side(ratchet.initiatorRatchet(secret, prekey.publicKey, ratchet.generateKeyPair(random))),
      bob: side(ratchet.responderRatchet(secret, prekey))
    }
  }

  /** The ratchet alone, its state in memory: what the step itself costs. */
  const inMemory = async () =>
    pairOf(initial => {
      let state = initial
      return {
        encrypt: bytes => {
          const out = ratchet.encryptMessage(state, bytes)
          state = out.state
          return out
        },
        decrypt: message => {
          const opened = opening(state, message)
          state = opened.state
          return opened.plaintext
        }
      }
    })

  /** The ratchet with its state stored as bytes after every step. */
  const stored = async () => {
    const pair = pairOf(initial => {
      const store = memorySessionStore()
      const id = Uint8Array.of(1)
      const load = async () => {
        const { record, revision } = await store.get(id)
        return { state: ratchet.decodeRatchet(record), revision }
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
        decrypt: async message => {
          const { state, revision } = await load()
          const opened = opening(state, message)
          await save(opened.state, revision)
          return opened.plaintext
        }
      }
    })
    await Promise.all([pair.alice.ready, pair.bob.ready])
    return pair
  }

  const identity = () => {
    const key = crypto.generatePrivateKey()
    const publicKey = crypto.publicKeyOf(key)
    return { publicKey, sign: digest => crypto.signDigest(digest, key), ecdhX: other => crypto.ecdhX(key, other) }
  }
  const sealerOf = (who, installationId) =>
    createSealer({ identity: who, store: memorySessionStore(), clock, random }, { installationId })

  /** The whole layer: bundle signed and verified, ProtocolMessage, records of peer and self. */
  const sealers = async () => {
    const [a, b] = [identity(), identity()]
    const [alice, bob] = [await sealerOf(a, 'alice'), await sealerOf(b, 'bob')]
    const side = (own, peer) => ({
      encrypt: async bytes =>
        (await own.seal(bytes, { kind: 'identity', publicKey: peer.publicKey, reach: 'known-devices' })).bytes,
      decrypt: async bytes => {
        const opened = await own.open(bytes, { sender: peer.publicKey })
        if (opened.kind !== 'message') throw new Error(opened.reason)
        if (opened.receipt !== undefined) await own.confirm(opened.receipt)
        return opened.bytes
      }
    })
    return { alice: side(alice, b), bob: side(bob, a) }
  }

  return { inMemory, stored, sealers, identity, sealerOf }
}

/** A pair whose ratchet has turned both ways. */
export async function settled(make, plaintext) {
  const pair = await make()
  for (let turn = 0; turn < 2; turn++) {
    await pair.bob.decrypt(await pair.alice.encrypt(plaintext.slice()))
    await pair.alice.decrypt(await pair.bob.encrypt(plaintext.slice()))
  }
  return pair
}
