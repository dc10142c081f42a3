import type { Readable, Writable } from 'node:stream'
import { check, checkGrace, checkRpc } from '../checks.ts'
import type { Rpc } from '../rpc.ts'
import { resolveServerOptions, type ServerOptions } from './options.ts'
import { servePeerStream } from './peer-stream.node.ts'

/** A pair of streams: standard input and output of a child process, or both ends of a pipe. */
export interface StreamOptions extends Pick<ServerOptions, 'maxBodyBytes' | 'maxBufferedBytes' | 'onDrop'> {
  /** JSON texts of the client, one behind the other. */
  readonly input: Readable
  /** Where answers and notifications go. */
  readonly output: Writable
}

/** The one client of a pair of streams. */
export interface StreamServer {
  /** Resolves when the input has ended and everything asked was answered, or the client is gone. */
  readonly ended: Promise<void>
  /** Begins no further calls, and waits for those that run, at most `graceMs` (0). Idempotent. */
  readonly close: (graceMs?: number) => Promise<void>
}

const names = ['input', 'output', 'maxBodyBytes', 'maxBufferedBytes', 'onDrop'] satisfies (keyof StreamOptions)[]

/**
 * Serves the API to one client on a pair of streams, with subscriptions: JSON texts one after the other in, lines out. The
 * end of the input is the end: what was asked before is still answered.
 * @throws RpcError `invalid-argument`
 *
 * @example
 * ```ts
 * serveStreams(createRpc({ whisper }), { input: process.stdin, output: process.stdout })
 * ```
 */
export function serveStreams(rpc: Rpc, options: StreamOptions): StreamServer {
  checkRpc(rpc)
  const { maxBodyBytes, maxBufferedBytes } = resolveServerOptions(options, 0, names)
  check.object('input', options.input)
  check.object('output', options.output)
  const { input, output, onDrop } = options
  // The streams belong to the caller: no more is read, and they stay open.
  const destroy = (): void => void input.pause()
  const peer = servePeerStream(rpc, input, output, { maxBodyBytes, maxBufferedBytes, onDrop, destroy })
  return {
    ended: peer.ended,
    close: async (graceMs = 0) => {
      checkGrace(graceMs)
      await peer.finish(graceMs)
    }
  }
}
