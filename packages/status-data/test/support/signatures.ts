import { concatBytes, recoverPublicKey } from '@status-stack/crypto'

const scalar = (value: number): Uint8Array => {
  const bytes = new Uint8Array(32)
  bytes[31] = value
  return bytes
}

/** Whether there is a point whose x is r plus the order of the curve: what v 2 says of a signature. */
function isRecovered(signature: Uint8Array): boolean {
  try {
    return recoverPublicKey(new Uint8Array(32), concatBytes(signature, Uint8Array.of(2))).length === 65
  } catch {
    return false
  }
}

function findSmallPoint(): Uint8Array {
  for (let r = 1; r < 100; r++) {
    const signature = concatBytes(scalar(r), scalar(1))
    if (isRecovered(signature)) return signature
  }
  throw new Error('no small point')
}

/** r and s of a signature that a key can be recovered from with v 2: no signer of this network makes one. */
export const smallPoint: Uint8Array = findSmallPoint()
