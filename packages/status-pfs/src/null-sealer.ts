import { check } from './checks.ts'
import type { Audience, Sealer } from './types.ts'

/** Contact codes, pairing and empty advertisements teach others our devices; that needs the full sealer always. */
function isPlain(to: Audience, length: number): to is Audience & { kind: 'identity' } {
  return to.kind === 'identity' && !(to.reach === 'any-device' && length === 0)
}

/**
 * PFS off, as a choice of what is sent: bytes for an identity go out unchanged and confidentiality is left to the
 * envelope, own devices get no copies. Receiving, and everything else, stays with the full sealer.
 * SPEC: 5/SECURE-TRANSPORT leaves this mode to the implementation; receivers report it as `none`.
 *
 * @example
 * ```ts
 * const plain = createNullSealer(sealer)
 * const sealed = await plain.seal(bytes, { kind: 'identity', publicKey, reach: 'known-devices' })
 * ```
 */
export function createNullSealer(full: Sealer): Sealer {
  check.object('full', full)
  return {
    ...full,
    seal: async (bytes, to) => {
      check.bytes('bytes', bytes)
      check.object('audience', to)
      if (to.kind === 'own-devices') return { kind: 'nobody', effects: [] }
      if (!isPlain(to, bytes.length)) return full.seal(bytes, to)
      return { kind: 'sealed', bytes: bytes.slice(), protection: 'none', effects: [] }
    },
    maxPlaintext: async (limit, to) => (isPlain(to, 1) ? limit : full.maxPlaintext(limit, to)),
    sealedSize: async (length, to) => (isPlain(to, length) ? length : full.sealedSize(length, to))
  }
}
