export {
  type AccountRecord,
  formatAccountRecord,
  readAccountRecord
} from './account-record/record.ts'
export {
  type AccountSecrets,
  createAccountRecord,
  deriveAccountKey,
  recoveryPhraseIn,
  type UnlockedAccount,
  unlockAccountRecord
} from './account-record/secrets.ts'
export { unwrapStorageKey, wrapStorageKey } from './account-record/wrapped-key.ts'
export { addressOf, addressText } from './address.ts'
export {
  type AliasWords,
  aliasGenerator,
  aliasOf,
  aliasOfSeed,
  aliasSeed,
  digestOfList,
  sharedListDigests
} from './alias.ts'
export { type ContactLink, formatContactLink, formatQrPayload, isEnodeUrl, parseContactLink } from './contact-link.ts'
export {
  type Account,
  accountOfMnemonic,
  deriveFromExtendedKey,
  deriveFromSeed,
  type ExtendedKey,
  keyUidOf,
  paths
} from './derivation.ts'
export { AccountsError, type AccountsErrorCode } from './errors.ts'
export { type Identicon, identiconOf, identiconPixels, identiconSize, identiconSvg } from './identicon.ts'
export { createIdentityKey, generateIdentity } from './identity.ts'
export { decodeKeyText, encodeKeyText, keyId, type Multibase, parsePublicKey } from './key-text.ts'
export {
  decryptKeystore,
  deriveKeystoreKey,
  type OpenedKeystore,
  unlockKeystore,
  unlockKeystoreWith
} from './keystore/decrypt.ts'
export { encryptKeystore, type KeystoreKey, sealKeystore } from './keystore/encrypt.ts'
export type { WithWrappingKey } from './keystore/section.ts'
export { limits } from './limits.ts'
export {
  entropyOfMnemonic,
  generateMnemonic,
  isMnemonic,
  type MnemonicBits,
  mnemonicFromEntropy,
  seedOfMnemonic
} from './mnemonic.ts'
export { type KeystoreOptions, standardScrypt, statusGoScrypt } from './options.ts'
export type { Password } from './password.ts'
export type { IdentityKey, Random } from './ports.ts'
