// @privacyresearch/libsignal-protocol-typescript with a store in memory.
import { webcrypto } from 'node:crypto'

export async function privacyresearch(peer) {
  const module = await peer('@privacyresearch/libsignal-protocol-typescript')
  const signal = module.default?.SessionCipher === undefined ? module : module.default
  signal.setWebCrypto(webcrypto)

  function store(identity) {
    const kept = new Map()
    const get = async key => kept.get(key)
    return {
      getIdentityKeyPair: async () => identity,
      getLocalRegistrationId: async () => 1,
      isTrustedIdentity: async () => true,
      saveIdentity: async () => false,
      loadPreKey: id => get(`prekey ${id}`),
      storePreKey: async (id, pair) => void kept.set(`prekey ${id}`, pair),
      removePreKey: async id => void kept.delete(`prekey ${id}`),
      storeSession: async (id, record) => void kept.set(`session ${id}`, record),
      loadSession: id => get(`session ${id}`),
      loadSignedPreKey: id => get(`signed ${id}`),
      storeSignedPreKey: async (id, pair) => void kept.set(`signed ${id}`, pair),
      removeSignedPreKey: async id => void kept.delete(`signed ${id}`)
    }
  }

  return async function pair() {
    const [aliceId, bobId] = [
      await signal.KeyHelper.generateIdentityKeyPair(),
      await signal.KeyHelper.generateIdentityKeyPair()
    ]
    const [alice, bob] = [store(aliceId), store(bobId)]
    const addresses = {
      alice: new signal.SignalProtocolAddress('alice', 1),
      bob: new signal.SignalProtocolAddress('bob', 1)
    }
    const prekey = await signal.KeyHelper.generatePreKey(1)
    const signed = await signal.KeyHelper.generateSignedPreKey(bobId, 1)
    await bob.storePreKey(1, prekey.keyPair)
    await bob.storeSignedPreKey(1, signed.keyPair)
    await new signal.SessionBuilder(alice, addresses.bob).processPreKey({
      registrationId: 1,
      identityKey: bobId.pubKey,
      signedPreKey: { keyId: 1, publicKey: signed.keyPair.pubKey, signature: signed.signature },
      preKey: { keyId: 1, publicKey: prekey.keyPair.pubKey }
    })
    const side = (mine, theirs) => {
      const cipher = new signal.SessionCipher(mine, theirs)
      return {
        encrypt: plaintext => cipher.encrypt(plaintext.buffer),
        decrypt: ({ type, body }) =>
          type === 3 ? cipher.decryptPreKeyWhisperMessage(body, 'binary') : cipher.decryptWhisperMessage(body, 'binary')
      }
    }
    return { alice: side(alice, addresses.bob), bob: side(bob, addresses.alice) }
  }
}
