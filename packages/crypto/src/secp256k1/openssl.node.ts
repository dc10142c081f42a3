import { createECDH } from 'node:crypto'
import type { EcBackend } from './backend.ts'

const curve = 'secp256k1'

const agree: EcBackend['ecdhX'] = (privateKey, publicKey) => {
  try {
    const ecdh = createECDH(curve)
    ecdh.setPrivateKey(privateKey)
    const x = ecdh.computeSecret(publicKey)
    return new Uint8Array(x.buffer, x.byteOffset, x.length)
  } catch {
    return undefined
  }
}

/** OpenSSL's ECDH, several times faster than noble's; `undefined` where its build leaves the curve out, as Electron's does. */
export function opensslEcdhX(): EcBackend['ecdhX'] | undefined {
  try {
    createECDH(curve)
    return agree
  } catch {
    return undefined
  }
}
