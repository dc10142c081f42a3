import { concatBytes } from './bytes.ts'
import type { Sha256Kernel } from './kernel/sha256-kernel.ts'

const blockLength = 32
/** About 8 ms of work; then whatever else waits has its turn. */
const roundsATurn = 16_384

function bigEndian32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
}

/** PBKDF2-HMAC-SHA-256 in the kernel, in slices: for platforms that have no faster one. SPEC: RFC 8018, 5.2. */
export async function pbkdf2InSlices(
  kernel: Sha256Kernel,
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
  length: number
): Promise<Uint8Array> {
  // The caller may reuse its arrays while this waits.
  const key = new Uint8Array(password)
  const blocks: Uint8Array[] = []
  const firstOf = Array.from({ length: Math.ceil(length / blockLength) }, (_, block) =>
    kernel.hmac(key, concatBytes(salt, bigEndian32(block + 1)))
  )
  for (const u of firstOf) {
    const sum = u.slice()
    for (let done = 1; done < iterations; done += roundsATurn) {
      kernel.iterate(key, u, sum, Math.min(roundsATurn, iterations - done))
      await new Promise(resolve => setTimeout(resolve, 0))
    }
    u.fill(0)
    blocks.push(sum)
  }
  key.fill(0)
  return concatBytes(...blocks).slice(0, length)
}
