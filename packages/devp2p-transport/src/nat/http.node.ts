import { TransportError } from '@status-stack/rlpx'
import { environmentError } from '@status-stack/rlpx/carrier'
import { collectBytes } from '@status-stack/utils'
import { limits } from '../limits.ts'

/** An answer of a device. */
export interface DeviceAnswer {
  readonly ok: boolean
  readonly status: number
  readonly text: string
}

/**
 * The one way in which anything is read from a device of the local network: no redirects, no more than `maxBytes` after
 * decompression, no longer than `limits.upnpRequestMs`.
 * @throws TransportError `too-large`, `timeout`, `network`
 */
export async function requestText(
  url: URL,
  init: { readonly method: 'GET' | 'POST'; readonly headers?: Record<string, string>; readonly body?: string },
  maxBytes: number,
  signal: AbortSignal
): Promise<DeviceAnswer> {
  const timeout = AbortSignal.timeout(limits.upnpRequestMs)
  try {
    const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.any([signal, timeout]) })
    // One that is not read to its end ends the connection.
    const body = await collectBytes(response.body ?? [], maxBytes)
    if (body === undefined) throw environmentError('too-large', `NAT: a device sends more than ${maxBytes} bytes`)
    return { ok: response.ok, status: response.status, text: new TextDecoder().decode(body) }
  } catch (cause) {
    if (TransportError.is(cause)) throw cause
    if (timeout.aborted) throw environmentError('timeout', 'NAT: a device did not answer in time', {}, cause)
    throw environmentError('network', 'NAT: a device could not be queried', {}, cause)
  }
}
