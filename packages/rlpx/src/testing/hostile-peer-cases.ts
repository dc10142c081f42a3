import { concatBytes } from '@status-stack/crypto'
import { type ComplianceCase, check } from '@status-stack/interface/testing'
import { encodeRlp } from '@status-stack/rlp'
import { limits } from '../limits.ts'
import { until } from './events.ts'
import { nest, noBytes, noise, snappy } from './hand-made.ts'
import { handshakeAttacks } from './hostile-handshakes.ts'
import { type CreateHostileGround, type Scene, scenes, type Using } from './hostile-scene.ts'
import type { Stranger } from './stranger.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const shh = 16

/** A case that opens a session, sends one frame and looks at how the session ended. */
interface FrameCase {
  readonly name: string
  readonly code: number
  readonly payload: () => Uint8Array
  readonly failure: string
}

const frameCases: readonly FrameCase[] = [
  {
    name: 'Snappy: a literal of negative length',
    code: shh,
    payload: () => bytes(0, 0xfc, 0xfa, 0xff, 0xff, 0xff),
    failure: 'bad-compression'
  },
  {
    name: 'Snappy: a claim of 2 GiB',
    code: shh,
    payload: () => bytes(0xff, 0xff, 0xff, 0xff, 7),
    failure: 'too-large'
  },
  { name: 'an empty compressed payload', code: shh, payload: () => noBytes, failure: 'bad-compression' },
  { name: 'nested lists in a Ping', code: 2, payload: () => snappy(nest(300_000)), failure: 'too-large' },
  {
    name: 'an id beyond every capability',
    code: shh + 128,
    payload: () => snappy(bytes(1)),
    failure: 'unexpected-message'
  }
]

function sessionAttacks(using: Using): readonly ComplianceCase[] {
  const endedWith = async ({ host, removed }: Scene, x: Stranger, failure: string): Promise<void> => {
    await x.closed
    await until(() => removed.length > 0)
    check(removed[0]?.ending.failure === failure, `${failure}, got ${removed[0]?.ending.failure}`)
    check(host.peers().length === 0, 'no peer left')
  }
  return [
    ...frameCases.map(({ name, code, payload, failure }) =>
      using(`${name} closes the session`, {}, async scene => {
        const x = await scene.peer()
        x.frame(code, payload())
        await endedWith(scene, x, failure)
        check(scene.sink.packets.length === 0, 'no packet for the capability')
      })
    ),
    using('a wrong MAC closes without a Disconnect', {}, async scene => {
      const x = await scene.peer()
      const frame = x.sealFrame(shh, snappy(bytes(1)))
      frame[frame.length - 1] = (frame.at(-1) ?? 0) ^ 1
      x.raw(frame)
      await endedWith(scene, x, 'bad-mac')
      check(x.reason() === undefined, 'no Disconnect')
    }),
    using('a frame over the limit is refused at its header', {}, async scene => {
      const x = await scene.peer()
      x.raw(x.sealFrame(shh, new Uint8Array(15_500_000)).subarray(0, 32))
      await endedWith(scene, x, 'too-large')
    }),
    using('a frame of length zero closes', {}, async scene => {
      const x = await scene.peer()
      x.raw(x.sealBody(noBytes))
      await endedWith(scene, x, 'malformed')
    }),
    using('a flood of Hellos closes', {}, async scene => {
      const x = await scene.peer()
      const hello = snappy(encodeRlp([5, 'again', [['shh', 6]], 0, x.publicKey.subarray(1)]))
      x.raw(concatBytes(...Array.from({ length: limits.extraHellos + 1 }, () => x.sealFrame(0, hello))))
      await endedWith(scene, x, 'unexpected-message')
    }),
    using('a Disconnect with a list for a reason ends the session', {}, async ({ peer, removed }) => {
      const x = await peer()
      x.frame(1, snappy(encodeRlp([[1, 2]])))
      await x.closed
      await until(() => removed.length === 1)
      check(removed[0]?.ending.by === 'peer', 'ended by the peer')
    }),
    using('packets cut into single bytes arrive whole', {}, async ({ peer, sink }) => {
      const x = await peer()
      const frame = x.sealFrame(shh + 127, snappy(noise(500)))
      for (let at = 0; at < frame.length; at++) x.raw(frame.subarray(at, at + 1))
      await until(() => sink.packets.length === 1)
      check(sink.packets[0]?.code === 127 && sink.packets[0].payload.length === 500, 'the packet')
    }),
    using('a peer that goes silent is closed', { idleTimeoutMs: 300, pingIntervalMs: 100 }, async scene => {
      await endedWith(scene, await scene.peer(), 'timeout')
    }),
    using(
      'a peer that reads nothing costs no more than the send limit, and is closed',
      { sendHighWaterBytes: 256 * 1024, sendLimitBytes: 16 << 20, writeTimeoutMs: 400 },
      async scene => {
        const x = await scene.peer()
        x.stream.pause()
        const [link] = scene.sink.links
        const sends = Array.from({ length: 12 }, () => link?.send(0, noise(1 << 20)))
        const outcomes = Promise.allSettled(sends)
        await until(() => scene.removed.length > 0)
        check(scene.removed[0]?.ending.failure === 'timeout', 'closed for taking no bytes')
        check(
          (await outcomes).some(({ status }) => status === 'rejected'),
          'sends that were not taken rejected'
        )
        await until(() => scene.host.metrics().queuedBytes === 0)
      }
    )
  ]
}

/**
 * What a hostile peer tries over any carrier: broken handshakes, frames and messages, floods, silence. `create` starts a host with these
 * capabilities and options, reached from loopback, each time afresh.
 *
 * @example
 * ```ts
 * for (const { name, run } of hostilePeerCases(overMyCarrier)) test(name, run)
 * ```
 */
export function hostilePeerCases(create: CreateHostileGround): readonly ComplianceCase[] {
  const using = scenes(create)
  return [...handshakeAttacks(using), ...sessionAttacks(using)]
}
