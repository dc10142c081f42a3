/** Alice and Bob: identities, prekeys, and a ratchet that both have begun. */
export default async (own, use) => {
  const { createIdentityKey } = await use('@status-stack/status-accounts')
  const { ecdhX, utf8Bytes, randomBytes } = await use('@status-stack/crypto')
  const random = { bytes: randomBytes }
  const [identity, other] = [1, 2].map(fill => createIdentityKey(new Uint8Array(32).fill(fill)))
  const [prekey, ephemeral, keys] = [1, 2, 3].map(() => own.generateKeyPair(random))
  const dhKey = ({ privateKey, publicKey }) => ({ publicKey, ecdhX: other => ecdhX(privateKey, other) })
  const secret = new Uint8Array(32).fill(5)
  const key = new Uint8Array(32).fill(6)
  const plaintext = utf8Bytes('hello')
  const started = own.initiatorRatchet(secret, prekey.publicKey, keys)
  const sent = own.encryptMessage(started, plaintext)
  const pair = { installationId: 'phone', publicKey: prekey.publicKey, version: 1, protocolVersion: 1 }
  const bundle = own.createBundle(identity, [pair], 1_600_000_000_000_000_000n)
  const sealer = () =>
    own.createSealer(
      { identity, store: own.memorySessionStore(), clock: { nowMs: Date.now }, random },
      { installationId: 'phone' }
    )
  const bytes = plaintext
  return {
    values: {
      identity: () => identity,
      random: () => random,
      clock: () => ({ nowMs: Date.now }),
      installationId: () => 'phone',
      id: () => 'phone',
      sealer,
      bytes: () => bytes,
      body: () => bytes,
      plaintext: () => plaintext,
      publicKey: () => other.publicKey,
      privateKey: () => keys.privateKey,
      own: () => keys,
      theirs: () => prekey.publicKey,
      secret: () => secret,
      sendChainKey: () => key,
      messageKey: () => key,
      header: () => sent.header,
      payload: () => sent.payload,
      state: () => started,
      bobsPrekey: () => prekey,
      prekey: () => prekey,
      prekeys: () => [pair],
      pair: () => prekey,
      timestamp: () => 1_600_000_000_000_000_000n,
      bundle: () => bundle,
      ephemeral: () => ephemeral,
      ephemeralPublicKey: () => ephemeral.publicKey,
      ratchetKey: () => keys.publicKey,
      store: () => Object.assign(async () => {}, { get: async () => undefined }),
      to: () => ({ kind: 'identity', publicKey: other.publicKey, reach: 'any-device' }),
      bob: () => other.publicKey,
      delivery: () => ({ protection: 'none' }),
      sealed: () => ({ protection: 'forward-secret' }),
      dh1: () => key.slice(),
      dh2: () => key.slice(),
      dh3: () => key.slice(),
      writeFile: () => async () => {},
      readFile: () => async () => own.encodeRatchet?.(started)
    },
    files: {
      sealStatic: { bob: () => prekey },
      openStatic: {
        bob: () => dhKey(prekey),
        sealed: () => own.sealStatic(prekey.publicKey, ephemeral, new Uint8Array(12), plaintext)
      },
      decryptWithKey: { payload: () => own.encryptWithKey(key, plaintext, own.associatedData(sent.header)) },
      decodeProtocolMessage: {
        bytes: () => own.encodeProtocolMessage({ installationId: 'phone', bundles: [bundle], entries: [] })
      },
      decodeBundle: { bytes: () => own.encodeBundle(bundle) },
      decodeBundleContainer: {
        bytes: () => own.encodeBundleContainer({ bundle, privateSignedPrekey: prekey.privateKey })
      },
      encodeDirectEntry: { sealed: () => new Uint8Array(40) },
      decodeDirectEntry: {
        bytes: () =>
          own.encodeDirectEntry({ installationId: 'phone', dhKey: ephemeral.publicKey, payload: new Uint8Array(40) })
      },
      initiateX3dh: {
        alice: () => dhKey(keys),
        bobsIdentity: () => prekey.publicKey,
        bobsPrekey: () => prekey.publicKey
      },
      respondX3dh: {
        bob: () => dhKey(keys),
        alicesIdentity: () => prekey.publicKey,
        header: () => ({ key: ephemeral.publicKey })
      },
      decryptMessage: { state: () => own.responderRatchet(secret, prekey) }
    }
  }
}
