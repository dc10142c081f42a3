import { createConnection } from 'node:net'
import { CliError } from '../errors.ts'
import { limits } from '../limits.ts'
import { linesOf } from '../lines.ts'
import { errorOf } from './errors.ts'

/** A program's side of the connection to the daemon. */
export interface Connection {
  /** @throws CliError what the daemon refused; `daemon-gone` */
  readonly call: (method: string, params?: object) => Promise<unknown>
  /** Aborts when the daemon is gone. */
  readonly gone: AbortSignal
  readonly close: () => void
}

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null

/**
 * Connects to a daemon's socket; `onNotification` gets what it says unasked.
 * @throws CliError `no-daemon` when no daemon answers there
 */
export async function connectDaemon(
  path: string,
  onNotification: (method: string, params: unknown) => void
): Promise<Connection> {
  const socket = createConnection(path)
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', () =>
      reject(
        new CliError('unreachable', 'no-daemon', `no daemon answers at ${path}`, 'start it with: status-stack daemon')
      )
    )
  })
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  const gone = new AbortController()
  let last = 0
  const end = (): void => {
    gone.abort()
    for (const { reject } of waiting.values())
      reject(new CliError('failed', 'daemon-gone', 'the daemon ended before it answered'))
    waiting.clear()
  }
  socket.on('error', () => socket.destroy())
  socket.on('close', end)
  const take = (line: string): void => {
    const json: unknown = JSON.parse(line)
    if (!isObject(json)) return
    const { id, method, params, result, error } = json
    if (typeof method === 'string') {
      onNotification(method, params)
      return
    }
    const call = waiting.get(Number(id))
    if (call === undefined) return
    waiting.delete(Number(id))
    if (error === undefined) call.resolve(result)
    else call.reject(errorOf(error))
  }
  const read = async (): Promise<void> => {
    // BOUNDED: answerBytes
    for await (const line of linesOf(socket, limits.answerBytes)) {
      if (line.kind !== 'text') throw new Error('not the line of a daemon')
      take(line.text)
    }
  }
  // What is no JSON in UTF-8 is no daemon, or another version of one: the connection ends, and who waits is told so.
  read().catch(() => socket.destroy())
  return {
    gone: gone.signal,
    close: () => socket.destroy(),
    call: (method, params) =>
      new Promise((resolve, reject) => {
        if (gone.signal.aborted) {
          reject(new CliError('failed', 'daemon-gone', 'the daemon has ended'))
          return
        }
        const id = ++last
        waiting.set(id, { resolve, reject })
        socket.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`)
      })
  }
}
