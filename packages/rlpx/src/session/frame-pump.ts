import { type TimeSlicer, timeSlicer } from '@status-stack/utils'
import type { TransportError } from '../errors.ts'
import type { FrameReader, Message } from '../frame/reader.ts'
import type { ByteStream } from '../ports.ts'
import { asTransportError } from './payload.ts'

/** Takes messages out of received bytes, one after the other, and reads no more bytes while something waits. */
export interface FramePump {
  /** Takes a chunk over and handles the messages that it completes. */
  readonly push: (chunk: Uint8Array) => void
  /** Reads nothing more until {@link FramePump.release}: its messages are not taken fast enough. */
  readonly hold: () => void
  readonly release: () => void
  readonly isHeld: () => boolean
  /** Calls back once what was received so far is handled: the peer's last words may lie in a chunk that is still being read. */
  readonly end: (then: () => void) => void
  readonly stop: () => void
}

export interface FramePumpParts {
  readonly reader: FrameReader
  readonly stream: Pick<ByteStream, 'pause' | 'resume'>
  /** Largest frame accepted now. */
  readonly maxFrameBytes: () => number
  /** Handles one message; the next waits for the promise, if there is one. */
  readonly handle: (message: Message) => void | Promise<void>
  readonly failed: (error: TransportError) => void
  /** Told of the bytes of a frame that is not whole yet. What waits for us is the peer's no longer. */
  readonly unfinished: (bytes: number) => void
  readonly slicer?: TimeSlicer | undefined
}

/**
 * A chunk of 64 KiB may hold a thousand frames, and a frame may inflate to megabytes: the pump yields by elapsed time between
 * messages, and while it does, the stream is paused, so that no more than the chunks already received are held.
 */
export function createFramePump(parts: FramePumpParts): FramePump {
  const { reader, stream, unfinished, slicer = timeSlicer } = parts
  let stopped = false
  let held = false
  let waiting = false
  let paused = false
  let ended: (() => void) | undefined

  const pauseStream = (): void => {
    if (paused) return
    paused = true
    stream.pause()
  }
  const resumeStream = (): void => {
    if (!paused || held || waiting || stopped) return
    paused = false
    stream.resume()
  }
  const tellEnd = (): void => {
    const then = ended
    ended = undefined
    then?.()
  }
  const stop = (): void => {
    stopped = true
    unfinished(0)
  }
  const fail = (error: unknown): void => {
    stop()
    parts.failed(asTransportError(error))
    tellEnd()
  }
  const waitFor = (work: Promise<void>): void => {
    waiting = true
    pauseStream()
    work.then(() => {
      waiting = false
      run()
      resumeStream()
      if (!waiting) tellEnd()
    }, fail)
  }

  const run = (): void => {
    try {
      while (!stopped && !held && !waiting) {
        const message = reader.next(parts.maxFrameBytes())
        if (message === undefined) {
          unfinished(reader.bufferedBytes())
          return
        }
        unfinished(0)
        const work = parts.handle(message) ?? slicer.yielded()
        if (work !== undefined) waitFor(work)
      }
    } catch (error) {
      fail(error)
    }
  }

  return {
    push: chunk => {
      if (stopped) return
      reader.push(chunk)
      run()
    },
    hold: () => {
      held = true
      pauseStream()
    },
    release: () => {
      held = false
      run()
      resumeStream()
    },
    isHeld: () => held,
    end: then => {
      if (waiting && !stopped) ended = then
      else then()
    },
    stop
  }
}
