/** What readers of the examples have: two people, a key of each kind, and what was made with them. */
export default async own => {
  const bytes = (length, fill = 7) => new Uint8Array(length).fill(fill)
  const [privateKey, theirPrivateKey] = [bytes(32, 1), bytes(32, 2)]
  const text = own.utf8Bytes('a message')
  return {
    values: {
      privateKey: () => privateKey.slice(),
      publicKey: () => own.publicKeyOf(privateKey),
      theirPublicKey: () => own.publicKeyOf(theirPrivateKey),
      myPlatform: () => undefined,
      data: () => own.eciesEncrypt(own.publicKeyOf(privateKey), text),
      message: () => text,
      digest: () => own.keccak256(text),
      signature: () => own.signDigest(own.keccak256(text), privateKey),
      key: () => bytes(32),
      keys: () => [bytes(32), bytes(32, 8)],
      iv: () => bytes(16),
      macKey: () => bytes(32),
      nonce: () => bytes(12),
      plaintext: () => text,
      sealed: () => own.aesGcmSeal(bytes(32), bytes(12), text),
      stored: () => own.aesGcmSealWithNonce(bytes(32), bytes(12), text),
      envelopes: () => [{ nonce: bytes(12), sealed: own.aesGcmSeal(bytes(32), bytes(12), text) }],
      secret: () => bytes(32),
      salt: () => bytes(32, 9),
      password: () => 'a long password',
      mnemonic: () => 'abandon abandon about',
      header: () => bytes(16),
      body: () => bytes(100),
      tag: () => bytes(16),
      expected: () => bytes(16),
      prefix: () => bytes(32),
      x: () => own.publicKeyOf(privateKey).slice(1, 33),
      y: () => own.publicKeyOf(privateKey).slice(33),
      bytes: () => privateKey
    },
    files: {
      firstFittingKey: { keys: () => [bytes(32, 8), bytes(32)].map(key => own.createAesGcmTrialKey(key)) },
      createFrameCipher: { aes: () => bytes(32), mac: () => bytes(32), seed: () => bytes(32), body: () => bytes(16) },
      isPublicKey: { bytes: () => own.publicKeyOf(privateKey) },
      eciesDecrypt: { message: () => own.eciesEncrypt(own.publicKeyOf(privateKey), text) }
    },
    notRun: {
      scrypt: 'takes a second and 256 MiB',
      useHashBackend: 'changes the process',
      useEcBackend: 'changes the process'
    }
  }
}
