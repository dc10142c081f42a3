export default async own => {
  const privateKey = new Uint8Array(32).fill(1)
  const identity = own.createIdentityKey(privateKey.slice())
  const mnemonic = 'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about'
  const words = name => Array.from({ length: 2048 }, (_, at) => `${name}${at}`)
  const light = { scrypt: { n: 2, r: 8, p: 1 } }
  const wrappingKey = new Uint8Array(32).fill(3)
  const file = await own.encryptKeystore({ privateKey }, 'a long password', light)
  const stored = await own.createAccountRecord({ privateKey, entropy: new Uint8Array(16) }, 'a long password', light)
  return {
    values: {
      privateKey: () => privateKey.slice(),
      identity: () => identity,
      publicKey: () => identity.publicKey,
      entropy: () => new Uint8Array(16),
      mnemonic: () => mnemonic,
      passphrase: () => '',
      password: () => 'a long password',
      input: () => ({ value: own.encodeKeyText(identity.publicKey) }),
      adjectives: () => words('Adjective'),
      animals: () => words('Animal'),
      text: () => 'enode://00@192.0.2.7:30303',
      peers: () => [],
      drawQrCode: () => () => {},
      wrappingKey: () => wrappingKey,
      sealed: () => own.wrapStorageKey(new Uint8Array(32), wrappingKey),
      file: () => file,
      record: () => stored,
      account: () => own.accountOfMnemonic(mnemonic),
      address: () => new Uint8Array(20),
      paths: () => own.paths
    },
    files: {
      readAccountRecord: { text: () => JSON.stringify(own.formatAccountRecord(stored)) },
      deriveAccountKey: { account: () => own.unlockAccountRecord(stored, 'a long password') },
      recoveryPhraseIn: { account: () => own.unlockAccountRecord(stored, 'a long password') },
      isMnemonic: { input: () => mnemonic }
    },
    notRun: {
      generateIdentity: 'makes a keystore of the full cost',
      encryptKeystore: 'makes a keystore of the full cost',
      sealKeystore: 'makes a keystore of the full cost',
      createAccountRecord: 'makes a keystore of the full cost'
    }
  }
}
