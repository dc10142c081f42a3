import { compressPublicKey, keccak256, recoverPublicKey, utf8Bytes } from '@status-stack/crypto'
import {
  addressOf,
  addressText,
  aliasOf,
  aliasSeed,
  createIdentityKey,
  decodeKeyText,
  deriveFromSeed,
  digestOfList,
  encodeKeyText,
  entropyOfMnemonic,
  identiconOf,
  identiconPixels,
  identiconSize,
  isMnemonic,
  keyUidOf,
  mnemonicFromEntropy,
  parsePublicKey,
  seedOfMnemonic,
  sharedListDigests
} from '@status-stack/status-accounts'
import { type VectorCase, vectorBytes, vectorHex } from '@status-stack/vectors'
import type { Adapter, CaseContext } from '../runner/adapter.ts'
import type { Check } from '../runner/check.ts'
import { decodePng } from './png.ts'

export const accounts: Adapter = {
  file: 'accounts.json',
  sections: {
    mnemonic_from_entropy: {
      reproduce: (vector, check) =>
        check.equal('mnemonic', vector['mnemonic'], mnemonicFromEntropy(vectorBytes(vector['entropy']))),
      decode: (vector, check) => check.bytes('entropy', vector['entropy'], entropyOfMnemonic(vector['mnemonic']))
    },
    mnemonic_invalid: {
      decode: async (vector, check) => {
        check.equal('mnemonic', false, isMnemonic(vector['mnemonic']))
        await check.refused('mnemonic', () => entropyOfMnemonic(vector['mnemonic']))
        await check.refused('mnemonic', () => seedOfMnemonic(vector['mnemonic']))
      }
    },
    derivation: { reproduce: derive },
    identity: { reproduce: makeTexts, decode: readTexts, alias: makeAlias },
    public_key_invalid: {
      decode: async (vector, check) => {
        await check.refused('input', () => decodeKeyText(vector['input']))
        await check.refused('input', () => parsePublicKey(vector['input']))
      }
    },
    sign: { reproduce: sign }
  }
}

async function derive(vector: VectorCase, check: Check): Promise<void> {
  const seed = await seedOfMnemonic(vector['mnemonic'], vector['passphrase'])
  check.bytes('seed', vector['seed'], seed)
  check.bytes('keyUid', vector['keyUid'], keyUidOf(deriveFromSeed(seed, 'm').publicKey))
  for (const [path, wanted] of Object.entries<Readonly<Record<string, string>>>(vector['keys'])) {
    const key = deriveFromSeed(seed, path)
    const field = `keys.${path}`
    check.bytes(`${field}.privateKey`, wanted['privateKey'], key.privateKey)
    check.bytes(`${field}.publicKey`, wanted['publicKey'], key.publicKey)
    check.bytes(`${field}.chainCode`, wanted['chainCode'], key.chainCode)
    check.equal(`${field}.extendedPrivateKey`, wanted['extendedPrivateKey'], key.extendedPrivateKey)
    check.equal(`${field}.address`, wanted['address'], addressText(addressOf(key.publicKey)))
  }
}

async function makeTexts(vector: VectorCase, check: Check): Promise<void> {
  const { publicKey } = createIdentityKey(vectorBytes(vector['privateKey']))
  check.bytes('publicKey', vector['publicKey'], publicKey)
  check.bytes('compressed', vector['compressed'], compressPublicKey(publicKey))
  check.equal('address', vector['address'], addressText(addressOf(publicKey)))
  check.equal('multibaseZ', vector['multibaseZ'], encodeKeyText(publicKey, 'z'))
  check.equal('multibaseF', vector['multibaseF'], encodeKeyText(publicKey, 'f'))
  check.equal('low64', BigInt(vector['low64']), aliasSeed(publicKey))
  const identicon = identiconOf(publicKey)
  check.equal('identiconBitmap', vector['identiconBitmap'], identicon.cells.map(Number))
  const picture = await decodePng(vectorBytes(vector['identiconPng']))
  check.equal('identiconPng.size', [picture.width, picture.height], [identiconSize, identiconSize])
  check.bytes('identiconPng.pixels', picture.rgba, identiconPixels(identicon))
}

function readTexts(vector: VectorCase, check: Check): void {
  for (const field of ['multibaseZ', 'multibaseF']) {
    check.bytes('publicKey', vector['publicKey'], decodeKeyText(vector[field]))
    check.bytes('publicKey', vector['publicKey'], parsePublicKey(vector[field]))
  }
  check.bytes('publicKey', vector['publicKey'], parsePublicKey(vector['compressed']))
  // The uncompressed text reads as itself.
  const text = vectorHex(parsePublicKey(vector['compressed']))
  check.bytes('publicKey', vector['publicKey'], parsePublicKey(text))
}

/** The word lists are not part of the vectors: without them this direction is skipped. */
function makeAlias(vector: VectorCase, check: Check, { companion }: CaseContext): void {
  const words = companion('alias-words.json')
  if (!areWords(words)) check.skip('no alias-words.json beside the file')
  const lists = words as Words
  check.bytes('alias-words.adjectives', `0x${sharedListDigests.adjectives}`, digestOfList(lists.adjectives))
  check.bytes('alias-words.animals', `0x${sharedListDigests.animals}`, digestOfList(lists.animals))
  check.equal('alias', vector['alias'], aliasOf(vectorBytes(vector['publicKey']), lists))
}

interface Words {
  readonly adjectives: readonly string[]
  readonly animals: readonly string[]
}

function areWords(json: unknown): json is Words {
  const lists = json as Partial<Words> | undefined | null
  return [lists?.adjectives, lists?.animals].every(
    list => Array.isArray(list) && list.every(word => typeof word === 'string')
  )
}

function sign(vector: VectorCase, check: Check): void {
  const key = createIdentityKey(vectorBytes(vector['privateKey']))
  const digest = keccak256(utf8Bytes(vector['data']))
  check.bytes('publicKey', vector['publicKey'], key.publicKey)
  check.bytes('hash', vector['hash'], digest)
  const signature = key.sign(digest)
  check.bytes('signature', vector['signature'], signature)
  check.bytes('publicKey', vector['publicKey'], recoverPublicKey(digest, signature))
}
