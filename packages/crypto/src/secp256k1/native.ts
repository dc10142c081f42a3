import type { EcBackend } from './backend.ts'

/** The part of the addon of the npm package `secp256k1` that is used: it writes into what it is given, and answers 0 where it could. */
export interface Secp256k1Addon {
  readonly publicKeyCreate: (output: Uint8Array, privateKey: Uint8Array) => number
  readonly publicKeyConvert: (output: Uint8Array, publicKey: Uint8Array) => number
  readonly ecdsaSign: (
    output: { readonly signature: Uint8Array; recid: number },
    digest: Uint8Array,
    privateKey: Uint8Array
  ) => number
  readonly ecdsaRecover: (output: Uint8Array, signature: Uint8Array, recid: number, digest: Uint8Array) => number
  readonly ecdh: (
    output: Uint8Array,
    publicKey: Uint8Array,
    privateKey: Uint8Array,
    data: undefined,
    hash: (x: Uint8Array, y: Uint8Array) => Uint8Array,
    x: Uint8Array,
    y: Uint8Array
  ) => number
}

/** What the addon's file answers. */
export interface Secp256k1Module {
  readonly Secp256k1: new () => Secp256k1Addon
}

/** Into `output`, where the addon could. */
const filled = (output: Uint8Array, status: number): Uint8Array | undefined => (status === 0 ? output : undefined)

/** libsecp256k1 through its Node addon, which checks no lengths: that is done before any backend is called. */
export function nativeBackend({ Secp256k1 }: Secp256k1Module): EcBackend {
  const addon = new Secp256k1()
  return {
    name: 'native',
    publicKey: privateKey => {
      const output = new Uint8Array(65)
      return filled(output, addon.publicKeyCreate(output, privateKey))
    },
    convert: (publicKey, compressed) => {
      const output = new Uint8Array(compressed ? 33 : 65)
      return filled(output, addon.publicKeyConvert(output, publicKey))
    },
    sign: (digest, privateKey) => {
      const output = { signature: new Uint8Array(64), recid: 0 }
      if (addon.ecdsaSign(output, digest, privateKey) !== 0) return undefined
      const signature = new Uint8Array(65)
      signature.set(output.signature, 0)
      signature[64] = output.recid
      return signature
    },
    recover: (digest, signature) => {
      const output = new Uint8Array(65)
      const recid = signature[64] ?? 0
      if (recid > 3) return undefined
      return filled(output, addon.ecdsaRecover(output, signature.subarray(0, 64), recid, digest))
    },
    ecdhX: (privateKey, publicKey) => {
      const output = new Uint8Array(32)
      const x = new Uint8Array(32)
      return filled(
        output,
        addon.ecdh(output, publicKey, privateKey, undefined, both => both, x, new Uint8Array(32))
      )
    }
  }
}

/** Whether an addon that loaded does what it is for: 1·G begins as it must. Catches a build for something else. */
export function isSane(backend: EcBackend): boolean {
  const one = new Uint8Array(32)
  one[31] = 1
  const generator = backend.publicKey(one)
  return generator?.length === 65 && generator[1] === 0x79 && generator[2] === 0xbe && generator[64] === 0xb8
}
