import { sha256, utf8Bytes } from '@status-stack/crypto'
import type { Carrier } from '@status-stack/rlpx'
import { createIdentityKey } from '@status-stack/status-accounts'
import type { Posted, ReceivedMessage } from '@status-stack/whisper'
import { planInterest, planRoute } from '@status-stack/whisper/status'
import { seededRandom } from './recording.ts'
import { startShhNode } from './shh-node.ts'
import { next, until } from './until.ts'

export const recordedChat = { kind: 'public', name: 'recorded' } as const
export const ourText = utf8Bytes('what we said to geth')
export const theirText = utf8Bytes('what geth said to us')

/** Keys of this session only. */
const key = (use: string): Uint8Array => sha256(utf8Bytes(`recorded session ${use}`))

export interface SessionFacts {
  readonly posted: Posted
  readonly heard: ReceivedMessage
  readonly peer: { readonly minPow: number; readonly fullNode: boolean; readonly confirmations: boolean }
}

/**
 * One short conversation with another node: handshakes, a message each way. The same steps record it and play it again;
 * every random byte and the time are given, so our side sends the same bytes both times.
 */
export async function holdSession(
  about: { readonly enode: string; readonly nowMs: number; readonly carrier: Carrier; readonly patienceMs?: number },
  afterPost: () => void
): Promise<SessionFacts> {
  const clock = { nowMs: () => about.nowMs }
  const node = await startShhNode(
    // What Status says is given too: a new default must not change what was recorded.
    {
      minPow: 0.000002,
      bloom: 'full',
      light: false,
      confirmations: true,
      forwarding: 'immediate',
      rateLimitPerAddress: 0,
      rateLimitPerPeer: 0,
      rateLimitPerTopic: 0
    },
    {
      host: {
        privateKey: key('node'),
        random: seededRandom('recorded session transport'),
        carrier: about.carrier,
        clock,
        // Time stands still for its timers too: on a busy machine a Ping of the keep-alive would come among the recorded bytes.
        scheduler: { after: () => () => undefined }
      },
      whisper: { clock, random: seededRandom('recorded session whisper') },
      options: { listen: false, clientName: 'status-stack/recorded' }
    }
  )
  try {
    await node.host.dial(about.enode)
    await until('the Whisper handshake', () => node.whisper.connected())
    const identity = createIdentityKey(key('identity'))
    const subscription = node.whisper.subscribe(await planInterest(identity, recordedChat))
    await subscription.ready
    const route = await planRoute(recordedChat)
    const posted = await node.whisper.post({
      route,
      payload: ourText,
      signer: identity,
      ttlSeconds: 30,
      pow: { target: 0.25, timeSeconds: 10 }
    })
    afterPost()
    const deliveries = subscription[Symbol.asyncIterator]()
    // Our own message is in the pool that the subscription sees; the other node does not sign.
    let heard = await next('our own message', deliveries)
    while (heard.signer !== undefined) heard = await next('the other node’s message', deliveries, about.patienceMs)
    const [peer] = node.whisper.peers()
    if (peer === undefined) throw new Error('the peer is gone')
    return { posted, heard, peer }
  } finally {
    await node.stop()
  }
}
