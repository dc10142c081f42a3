import type { PeerLink } from '@status-stack/interface'
import type { FrameSocket } from './frames.ts'

/** A peer link of plain frames: what a packet costs on it is a socket's work, without the encryption of RLPx. */
export function socketLink(socket: FrameSocket, peerId: string, remoteAddress?: string): PeerLink {
  return {
    peerId,
    ...(remoteAddress === undefined ? {} : { remoteAddress }),
    flags: { static: false, trusted: false },
    packets: socket.frames,
    send: socket.write,
    close: async () => socket.end()
  }
}
