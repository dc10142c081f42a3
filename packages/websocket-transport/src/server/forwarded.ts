import { addressBytes, addressText, type NetRestrict } from '@status-stack/rlpx/carrier'
import { limits } from '../limits.ts'

/** The address in one entry of the header: alone, or with a port, IPv6 in brackets then. */
function addressIn(entry: string): string | undefined {
  const bracketed = /^\[([0-9a-fA-F:.]+)\](?::[0-9]{1,5})?$/.exec(entry)?.[1]
  const withPort = /^([0-9.]+):[0-9]{1,5}$/.exec(entry)?.[1]
  const bytes = addressBytes(bracketed ?? withPort ?? entry)
  return bytes === undefined ? undefined : addressText(bytes)
}

/**
 * Who is behind a connection. A proxy that is trusted names its client as the last address of `X-Forwarded-For`; what a client wrote
 * there itself stands before it and counts for nothing, unless that last address is a trusted proxy again.
 *
 * @returns `undefined` when a trusted proxy names no client: under its own address all clients would share one limit, or have none
 */
export function clientAddress(
  peerAddress: string,
  forwardedFor: string | undefined,
  trusted: NetRestrict | undefined
): string | undefined {
  if (trusted === undefined || !trusted.contains(peerAddress)) return peerAddress
  const entries = forwardedFor?.split(',').map(entry => entry.trim()) ?? []
  if (entries.length > limits.forwardedAddresses) return undefined
  let farthest: string | undefined
  for (const entry of entries.reverse()) {
    farthest = addressIn(entry)
    if (farthest === undefined || !trusted.contains(farthest)) break
  }
  return farthest
}
