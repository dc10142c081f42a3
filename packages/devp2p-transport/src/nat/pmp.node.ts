import { createSocket } from 'node:dgram'
import { environmentError } from '@status-stack/rlpx/carrier'
import { limits } from '../limits.ts'
import type { Mapping, PortMapper } from './types.ts'

/** Where gateways listen. */
const gatewayPort = 5351
const firstWaitMs = 250
const addressOp = 0
const mapOps = { udp: 1, tcp: 2 } as const
/** What an answer's code has beside that of its request. */
const answerBit = 128

/** The request to map a port; a lifetime of 0 deletes the mapping. SPEC: RFC 6886, section 3.3. */
function mapRequest(mapping: Mapping, lifetimeSeconds: number): Uint8Array {
  const bytes = new Uint8Array(12)
  const view = new DataView(bytes.buffer)
  view.setUint8(1, mapOps[mapping.protocol])
  view.setUint16(4, mapping.internalPort)
  view.setUint16(6, lifetimeSeconds === 0 ? 0 : mapping.externalPort)
  view.setUint32(8, lifetimeSeconds)
  return bytes
}

/**
 * The content of an answer to `request`; `undefined` for a datagram that is none.
 * @throws TransportError `unavailable` for a refusal
 */
export function readAnswer(request: Uint8Array, answer: Uint8Array): DataView | undefined {
  const length = request[1] === addressOp ? 12 : 16
  if (answer.length < 4 || answer[0] !== 0 || answer[1] !== (request[1] ?? 0) + answerBit) return undefined
  const view = new DataView(answer.buffer, answer.byteOffset, answer.length)
  const result = view.getUint16(2)
  if (result !== 0) throw environmentError('unavailable', `NAT: the gateway answers result ${result}`, { result })
  if (answer.length < length) return undefined
  // An answer to an earlier request for another port is not ours.
  if (length === 16 && view.getUint16(8) !== new DataView(request.buffer).getUint16(4)) return undefined
  return view
}

/**
 * One exchange: the socket is connected, so that the kernel passes on what comes from the gateway and nothing else. It keeps the
 * process alive for the seconds that it takes, as any request does.
 */
function exchange(host: string, port: number, request: Uint8Array, signal: AbortSignal): Promise<DataView> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    let timer: ReturnType<typeof setTimeout> | undefined
    let over = false
    const end = (settle: () => void): void => {
      if (over) return
      over = true
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      socket.close()
      settle()
    }
    const fail = (error: unknown): void => end(() => reject(error))
    const abort = (): void => fail(environmentError('timeout', 'NAT: no answer from a gateway in time'))
    // An ICMP answer that the port is closed comes as an error: there is no such gateway.
    socket.on('error', cause => fail(environmentError('unavailable', 'NAT: no NAT-PMP gateway', {}, cause)))
    socket.on('message', bytes => {
      try {
        const view = readAnswer(request, new Uint8Array(bytes))
        if (view !== undefined) end(() => resolve(view))
      } catch (error) {
        fail(error)
      }
    })
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) {
      abort()
      return
    }
    const send = (attempt: number): void => {
      if (over) return
      if (attempt >= limits.pmpAttempts) {
        abort()
        return
      }
      socket.send(request, () => undefined)
      timer = setTimeout(send, firstWaitMs * 2 ** attempt, attempt + 1)
      timer.unref()
    }
    socket.connect(port, host, (...[error]: unknown[]) => {
      if (error === undefined || error === null) send(0)
      else fail(environmentError('unavailable', 'NAT: the gateway cannot be reached', {}, error))
    })
  })
}

/** The NAT-PMP gateway at `host`, an IPv4 address. Nothing is sent before the first call. SPEC: RFC 6886. */
export function pmpMapper(host: string, port = gatewayPort): PortMapper {
  return {
    kind: 'pmp',
    externalAddress: async ({ signal }) => {
      const view = await exchange(host, port, Uint8Array.of(0, addressOp), signal)
      const address = [8, 9, 10, 11].map(at => view.getUint8(at))
      if (address.every(byte => byte === 0)) throw environmentError('unavailable', 'NAT: the gateway has no address')
      return address.join('.')
    },
    map: async (mapping, { signal }) => {
      const view = await exchange(host, port, mapRequest(mapping, mapping.lifetimeSeconds), signal)
      return view.getUint16(10)
    },
    unmap: async (mapping, { signal }) => {
      await exchange(host, port, mapRequest(mapping, 0), signal)
    },
    close: async () => undefined
  }
}
