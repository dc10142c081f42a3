// @signalapp/libsignal-client with stores that keep serialized records in memory, as ours does.
export async function libsignal(peer) {
  const signal = await peer('@signalapp/libsignal-client')

  class Sessions extends signal.SessionStore {
    records = new Map()
    async saveSession(address, record) {
      this.records.set(address.toString(), record.serialize())
    }
    async getSession(address) {
      const bytes = this.records.get(address.toString())
      return bytes === undefined ? null : signal.SessionRecord.deserialize(bytes)
    }
    async getExistingSessions(addresses) {
      return Promise.all(addresses.map(address => this.getSession(address)))
    }
  }

  class Identities extends signal.IdentityKeyStore {
    key = signal.PrivateKey.generate()
    async getIdentityKey() {
      return this.key
    }
    async getLocalRegistrationId() {
      return 1
    }
    async saveIdentity() {
      return signal.IdentityChange.NewOrUnchanged
    }
    async isTrustedIdentity() {
      return true
    }
    async getIdentity() {
      return null
    }
  }

  /** A store of prekey records of one kind. */
  const records = (base, get, save, more = {}) => {
    const kept = new Map()
    const store = new (class extends base {})()
    Object.assign(store, {
      [get]: async id => kept.get(id),
      [save]: async (id, record) => void kept.set(id, record),
      ...more
    })
    return store
  }

  function person(name) {
    return {
      address: signal.ProtocolAddress.new(name, 1),
      sessions: new Sessions(),
      identity: new Identities(),
      prekeys: records(signal.PreKeyStore, 'getPreKey', 'savePreKey', { removePreKey: async () => {} }),
      signed: records(signal.SignedPreKeyStore, 'getSignedPreKey', 'saveSignedPreKey'),
      kyber: records(signal.KyberPreKeyStore, 'getKyberPreKey', 'saveKyberPreKey', {
        markKyberPreKeyUsed: async () => {}
      })
    }
  }

  async function bundleOf(who) {
    const [prekey, signed] = [signal.PrivateKey.generate(), signal.PrivateKey.generate()]
    const kem = signal.KEMKeyPair.generate()
    const sign = key => who.identity.key.sign(key.serialize())
    const signature = sign(signed.getPublicKey())
    const kemSignature = sign(kem.getPublicKey())
    await who.prekeys.savePreKey(1, signal.PreKeyRecord.new(1, prekey.getPublicKey(), prekey))
    await who.signed.saveSignedPreKey(1, signal.SignedPreKeyRecord.new(1, 0, signed.getPublicKey(), signed, signature))
    await who.kyber.saveKyberPreKey(1, signal.KyberPreKeyRecord.new(1, 0, kem, kemSignature))
    return signal.PreKeyBundle.new(
      1,
      1,
      1,
      prekey.getPublicKey(),
      1,
      signed.getPublicKey(),
      signature,
      who.identity.key.getPublicKey(),
      1,
      kem.getPublicKey(),
      kemSignature
    )
  }

  return async function pair() {
    const [alice, bob] = [person('alice'), person('bob')]
    await signal.processPreKeyBundle(await bundleOf(bob), bob.address, alice.address, alice.sessions, alice.identity)
    const encrypt = (from, to) => async plaintext => {
      const message = await signal.signalEncrypt(plaintext, to.address, from.address, from.sessions, from.identity)
      return { type: message.type(), bytes: message.serialize() }
    }
    const decrypt =
      (by, from) =>
      async ({ type, bytes }) => {
        if (type === signal.CiphertextMessageType.PreKey) {
          const message = signal.PreKeySignalMessage.deserialize(bytes)
          const { sessions, identity, prekeys, signed, kyber } = by
          return signal.signalDecryptPreKey(
            message,
            from.address,
            by.address,
            sessions,
            identity,
            prekeys,
            signed,
            kyber
          )
        }
        const message = signal.SignalMessage.deserialize(bytes)
        return signal.signalDecrypt(message, from.address, by.address, by.sessions, by.identity)
      }
    return {
      alice: { encrypt: encrypt(alice, bob), decrypt: decrypt(alice, bob) },
      bob: { encrypt: encrypt(bob, alice), decrypt: decrypt(bob, alice) }
    }
  }
}
