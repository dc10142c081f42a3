import type { EcBackend } from './backend.ts'

/** The part of the npm package `secp256k1` that is used. */
export interface NativeSecp256k1 {
  readonly publicKeyCreate: (privateKey: Uint8Array, compressed: boolean) => Uint8Array
  readonly publicKeyConvert: (publicKey: Uint8Array, compressed: boolean) => Uint8Array
  readonly ecdsaSign: (digest: Uint8Array, privateKey: Uint8Array) => { signature: Uint8Array; recid: number }
  readonly ecdsaRecover: (signature: Uint8Array, recid: number, digest: Uint8Array, compressed: boolean) => Uint8Array
  readonly ecdh: (
    publicKey: Uint8Array,
    privateKey: Uint8Array,
    options: { hashfn: (x: Uint8Array, y: Uint8Array) => Uint8Array; xbuf: Uint8Array; ybuf: Uint8Array },
    output: Uint8Array
  ) => Uint8Array
}

function attempt(work: () => Uint8Array): Uint8Array | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** libsecp256k1 through its Node addon. */
export function nativeBackend(addon: NativeSecp256k1): EcBackend {
  return {
    name: 'native',
    publicKey: privateKey => attempt(() => addon.publicKeyCreate(privateKey, false)),
    convert: (publicKey, compressed) => attempt(() => addon.publicKeyConvert(publicKey, compressed)),
    sign: (digest, privateKey) =>
      attempt(() => {
        const { signature: rs, recid } = addon.ecdsaSign(digest, privateKey)
        const signature = new Uint8Array(65)
        signature.set(rs, 0)
        signature[64] = recid
        return signature
      }),
    recover: (digest, signature) =>
      attempt(() => addon.ecdsaRecover(signature.subarray(0, 64), signature[64] ?? 0, digest, false)),
    ecdhX: (privateKey, publicKey) =>
      attempt(() => {
        const x = new Uint8Array(32)
        const options = { hashfn: (coordinate: Uint8Array) => coordinate, xbuf: x, ybuf: new Uint8Array(32) }
        return addon.ecdh(publicKey, privateKey, options, new Uint8Array(32))
      })
  }
}

/** Whether an addon that loaded does what it is for: 1·G begins as it must. Catches a build for something else. */
export function isSane(backend: EcBackend): boolean {
  const one = new Uint8Array(32)
  one[31] = 1
  const generator = backend.publicKey(one)
  return generator?.length === 65 && generator[1] === 0x79 && generator[2] === 0xbe && generator[64] === 0xb8
}
