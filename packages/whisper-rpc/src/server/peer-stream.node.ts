import type { Readable, Writable } from 'node:stream'
import type { HoldingBudget } from '@status-stack/utils'
import type { Rpc } from '../rpc.ts'
import { createCalls } from './calls.ts'
import { createJsonStream } from './json-stream.ts'
import type { DropReason } from './options.ts'

export interface PeerStreamOptions {
  readonly maxBodyBytes: number
  readonly maxBufferedBytes: number
  readonly onDrop?: ((reason: DropReason) => void) | undefined
  /** What all clients of the server have not read. @default this one is alone */
  readonly unread?: HoldingBudget | undefined
  /** What the running calls of all clients of the server hold. @default this one is alone */
  readonly running?: HoldingBudget | undefined
  /** Ends both directions at once. */
  readonly destroy: () => void
}

/** One client whose JSON texts follow each other on a stream. */
export interface PeerStream {
  /** Begins no further calls and ends the stream once those that run are answered, at the latest after `graceMs`. */
  readonly finish: (graceMs: number) => Promise<void>
  /** Resolves when the client is gone, or was answered to the end. */
  readonly ended: Promise<void>
}

/**
 * Serves one client on a pair of streams: answers and notifications are lines. When the client ends its direction, what it
 * has asked is still answered; then ours ends too.
 */
export function servePeerStream(rpc: Rpc, input: Readable, output: Writable, options: PeerStreamOptions): PeerStream {
  const { maxBodyBytes, maxBufferedBytes, onDrop, unread, running } = options
  let over = false
  let end = (): void => {}
  const ended = new Promise<void>(resolve => {
    end = resolve
  })
  const close = (): void => {
    if (over) return
    over = true
    held?.set(0)
    connection.close()
    options.destroy()
    end()
  }
  const drop = (reason: DropReason): void => {
    if (over) return
    onDrop?.(reason)
    close()
  }
  const held = unread?.open(() => drop('slow-reader'))
  const connection = rpc.connect(json => {
    if (over || output.destroyed || output.writableEnded) return
    // BOUNDED: maxBufferedBytes, then the reader is given up.
    if (output.writableLength > maxBufferedBytes) drop('slow-reader')
    else {
      output.write(`${json}\n`, () => held?.set(output.writableLength))
      held?.set(output.writableLength)
    }
  })
  const calls = createCalls(
    connection,
    { maxCalls: rpc.limits.maxCalls, maxBytes: maxBodyBytes, budget: running, giveUp: () => drop('large-calls') },
    {
      pause: () => void input.pause(),
      resume: () => void input.resume()
    }
  )
  const stream = createJsonStream(maxBodyBytes)
  const flush = (): void => {
    connection.close()
    if (over || output.destroyed) close()
    else output.end(close)
  }
  const onData = (chunk: Uint8Array): void => {
    const { texts, broken } = stream.push(chunk)
    for (const text of texts) calls.receive(text)
    if (!broken) return
    // What follows cannot be told apart from the broken text any more.
    input.off('data', onData)
    input.resume()
    void calls.finish().then(() => {
      if (over) return
      const error = { code: -32700, message: 'parse error' }
      output.write(`${JSON.stringify({ jsonrpc: '2.0', id: null, error })}\n`)
      onDrop?.('not-json')
      flush()
    })
  }
  const onEnd = (): void => {
    // Only a number needs what comes after it to be known as whole.
    const text = stream.end()
    if (text !== undefined) calls.receive(text)
    void calls.finish().then(flush)
  }
  const finish = async (graceMs: number): Promise<void> => {
    input.off('data', onData)
    const timer = setTimeout(close, graceMs)
    timer.unref()
    await Promise.race([calls.stop().then(flush), ended])
    await ended
    clearTimeout(timer)
  }
  input.on('data', onData)
  input.on('end', onEnd)
  for (const side of new Set([input, output])) {
    side.on('error', close)
    side.on('close', () => {
      // Standard input may be closed while what it asked is still being answered.
      if (side === output || !input.readableEnded) close()
    })
  }
  return { finish, ended }
}
