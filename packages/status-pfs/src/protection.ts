/**
 * What bytes alone guarantee, whatever carried them:
 * - `forward-secret`: sealed for one device by a Double Ratchet session;
 * - `static-key`: sealed for the identity key; who gets that key later reads it;
 * - `none`: not encrypted by this layer.
 */
export type Protection = 'forward-secret' | 'static-key' | 'none'

/** From weakest to strongest; the position is what records store. */
export const protections: readonly Protection[] = ['none', 'static-key', 'forward-secret']

/** The stronger of two protections. */
export function strongerProtection(a: Protection, b: Protection): Protection {
  return protections.indexOf(a) >= protections.indexOf(b) ? a : b
}
