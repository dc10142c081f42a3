import { createConnection } from 'node:net'
import { bytesToHex } from '@status-stack/crypto'
import type { ByteStream, Carrier } from '@status-stack/rlpx'
import { noListener, type RecordedChunk, replayCarrier } from './recording.ts'

/** What arrived in one step of a conversation, in order, as hex. */
export type Step = readonly string[]

/**
 * A connection whose bytes arrive when they are let in: the same order of events each time. Before the first step they come as soon as
 * as much of ours has left as in the recording, which a handshake is made of.
 */
export interface Gate {
  readonly carrier: Carrier
  /** From now on nothing arrives but by `letIn`. */
  readonly nextStep: () => void
  /** Lets the next chunk of this step in; false when there is none, so far. */
  readonly letIn: () => boolean
  /** Everything that we have sent, as hex. */
  readonly sent: () => string
}

export interface GateRecording {
  readonly handshake: readonly RecordedChunk[]
  readonly steps: readonly Step[]
  readonly sent: string
}

/** A live connection that remembers what arrived in which step. */
export function recordingGate(): Gate & { readonly taken: () => GateRecording } {
  const handshake: RecordedChunk[] = []
  const steps: string[][] = []
  const waiting: Uint8Array[] = []
  let sent = ''
  let handlers: Parameters<ByteStream['start']>[0] | undefined
  const arrived = (chunk: Uint8Array): void => {
    if (steps.length > 0) waiting.push(chunk)
    else {
      handshake.push({ afterSent: sent.length / 2, hex: bytesToHex(chunk) })
      handlers?.data(chunk)
    }
  }
  const dial: Carrier['dial'] = ({ host, port }) =>
    new Promise((resolve, reject) => {
      const socket = createConnection({ host, port, noDelay: true })
      socket.once('error', reject)
      socket.once('connect', () => {
        resolve({
          remoteAddress: host,
          remotePort: port,
          start: given => {
            handlers = given
            socket.on('data', chunk => arrived(new Uint8Array(chunk)))
            socket.on('close', () => given.closed())
          },
          write: bytes => {
            sent += bytesToHex(bytes)
            socket.write(bytes)
            return true
          },
          pendingBytes: () => 0,
          pause: () => undefined,
          resume: () => undefined,
          end: () => void socket.end(),
          destroy: () => void socket.destroy()
        })
      })
    })
  return {
    carrier: { dial, listen: noListener },
    nextStep: () => void steps.push([]),
    letIn: () => {
      const chunk = waiting.shift()
      if (chunk === undefined) return false
      steps.at(-1)?.push(bytesToHex(chunk))
      handlers?.data(chunk)
      return true
    },
    sent: () => sent,
    taken: () => ({ handshake, steps, sent })
  }
}

/** Plays the other node's part from a recording. */
export function replayingGate({ handshake, steps }: GateRecording): Gate {
  const { carrier, sent, give } = replayCarrier({ received: handshake })
  const later = steps.map(step => [...step])
  let step = -1
  return {
    carrier,
    nextStep: () => {
      step++
    },
    letIn: () => {
      const chunk = later[step]?.shift()
      if (chunk === undefined) return false
      give(chunk)
      return true
    },
    sent
  }
}
