import type { CloseFacts, MessageHandlers, MessageSocket } from '../../src/socket.ts'

/** A WebSocket whose other side and whose buffer are the test's. */
export interface FakeSocket extends MessageSocket {
  readonly sent: Uint8Array[]
  readonly closes: { readonly code: number; readonly reason: string }[]
  readonly isTerminated: () => boolean
  readonly receive: (bytes: Uint8Array | undefined) => void
  readonly closedByOther: (facts: CloseFacts) => void
  /** Bytes that do not go to the network until the test lets them. */
  buffered: number
  readonly progress: () => void
}

/** @param canPause whether it can stop reading, as that of Node can and that of a browser cannot */
export function fakeSocket(protocol = '', canPause = false): FakeSocket {
  let handlers: MessageHandlers | undefined
  let terminated = false
  const sent: Uint8Array[] = []
  const closes: FakeSocket['closes'] = []
  const fake: FakeSocket = {
    protocol,
    remoteAddress: '192.0.2.7',
    remotePort: 443,
    sent,
    closes,
    buffered: 0,
    start: given => {
      handlers = given
    },
    send: bytes => {
      sent.push(bytes)
    },
    bufferedBytes: () => fake.buffered,
    close: (code, reason) => {
      closes.push({ code, reason })
    },
    terminate: () => {
      terminated = true
    },
    isTerminated: () => terminated,
    receive: bytes => handlers?.message(bytes),
    closedByOther: facts => handlers?.closed(facts),
    progress: () => handlers?.progress(),
    ...(canPause ? { pause: () => undefined, resume: () => undefined } : {})
  }
  return fake
}
