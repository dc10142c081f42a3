import { clientAddress } from './forwarded.ts'
import type { ResolvedServerOptions } from './options.ts'

/** What is looked at of a request to open a WebSocket. */
export interface UpgradeRequest {
  readonly url: string | undefined
  readonly origin: string | undefined
  readonly forwardedFor: string | undefined
  readonly peerAddress: string
}

/** Whether a WebSocket is opened, and who asks; else the status of the answer. */
export type Judged =
  | { readonly kind: 'open'; readonly address: string }
  | { readonly kind: 'refuse'; readonly status: 400 | 403 | 404 }

/** Judges a request before anything is opened for it. Pure. */
export function judgeRequest(request: UpgradeRequest, options: ResolvedServerOptions): Judged {
  const [path] = (request.url ?? '').split('?', 1)
  if (path !== options.path) return { kind: 'refuse', status: 404 }
  const { origin } = request
  const { origins } = options
  if (origin !== undefined && origins !== 'any' && !origins.has(origin)) return { kind: 'refuse', status: 403 }
  const address = clientAddress(request.peerAddress, request.forwardedFor, options.trustedProxies)
  return address === undefined ? { kind: 'refuse', status: 400 } : { kind: 'open', address }
}
