import { createWhisper, type PeerInfo, type PeerLink } from '@status-stack/whisper'

/** Turns of the event loop that a handshake in memory may take; it takes a handful. */
const mostTurns = 1000

/** What a node makes of a peer that sends this Status first: the peer, or undefined when it ends the link. */
export async function statusPeer(payload: Uint8Array, light: boolean): Promise<PeerInfo | undefined> {
  const node = createWhisper({}, { light, powWorkers: 0 })
  await node.start()
  let end: () => void = () => undefined
  const ended = new Promise<void>(resolve => {
    end = resolve
  })
  const link: PeerLink = {
    peerId: '1'.repeat(64),
    flags: { static: false, trusted: false },
    packets: async function* () {
      yield { code: 0, payload }
      await ended
    },
    send: async () => undefined,
    close: async () => end()
  }
  let refused = false
  const attached = node.attach(link).catch(() => {
    refused = true
  })
  try {
    for (let turn = 0; turn < mostTurns && !refused; turn++) {
      const [peer] = node.peers()
      if (peer !== undefined) return peer
      await new Promise(resolve => setTimeout(resolve, 0))
    }
    if (!refused) throw new Error('Status: neither taken nor refused')
    return undefined
  } finally {
    end()
    await attached
    await node.stop()
  }
}
