import { randomBytes, utf8Bytes } from '@status-stack/crypto'
import type { Route } from '@status-stack/whisper'
import { filterBloom } from '@status-stack/whisper/wire'
import { expect } from 'vitest'
import type { Implementation } from '../../support/geth.ts'
import { until } from '../../support/until.ts'
import { type Direction, eachWay, noPeople, type Peer, type Scenario } from './scenario.ts'
import { least, type WhisperPair, type WhisperSide, whisperPair } from './whisper-pair.ts'

const sizes = [100_000, 900_000, 1_040_000] as const
/** So little that the first nonce found does not reach the minimum of these scenarios by luck. */
const weak = 0.00001
const strong = 3

/** Who posts and who asks for something, in a direction. */
function sides({ ours, theirs }: WhisperPair, direction: Direction): readonly [WhisperSide, WhisperSide] {
  return direction === 'ours → theirs' ? [ours, theirs] : [theirs, ours]
}

const reaches = (what: string, side: WhisperSide, hash: string): Promise<void> =>
  until(`${what} to reach the other side`, () => side.has(hash))

/**
 * Waits until the poster knows what the other side has just asked for: packets of a link come in order, so what the other side posts
 * afterwards arrives afterwards.
 */
async function settled(pair: WhisperPair, poster: WhisperSide, asker: WhisperSide): Promise<void> {
  await reaches('what was posted afterwards', poster, await asker.post(pair.wanted, utf8Bytes('afterwards'), strong))
}

/** Posts two envelopes: the one that is held back, then the one that is sent. */
async function holdsBack(
  poster: WhisperSide,
  asker: WhisperSide,
  unwanted: readonly [Route, number],
  wanted: readonly [Route, number]
): Promise<void> {
  const held = await poster.post(unwanted[0], randomBytes(100), unwanted[1])
  await reaches('what is wanted', asker, await poster.post(wanted[0], randomBytes(100), wanted[1]))
  expect(asker.has(held)).toBe(false)
}

function scenariosWith(implementation: Implementation, peer: Peer): readonly Scenario[] {
  const between = { role: 'Whisper node', peer, directions: eachWay, settings: noPeople } as const
  return [
    {
      ...between,
      name: 'the reader raises its minimum proof of work, and lowers it again',
      play: async (stage, direction) => {
        const pair = await whisperPair(stage, implementation)
        const [poster, asker] = sides(pair, direction)
        const { wanted } = pair
        await reaches('little work', asker, await poster.post(wanted, utf8Bytes('before'), weak))
        await asker.setMinPow(1)
        await settled(pair, poster, asker)
        await holdsBack(poster, asker, [wanted, weak], [wanted, strong])
        await asker.setMinPow(least)
        await settled(pair, poster, asker)
        await reaches('little work', asker, await poster.post(wanted, utf8Bytes('after'), weak))
        expect(pair.node.whisper.connected()).toBe(true)
      }
    },
    {
      ...between,
      name: 'the reader narrows its bloom filter, and widens it again',
      play: async (stage, direction) => {
        const pair = await whisperPair(stage, implementation)
        const [poster, asker] = sides(pair, direction)
        const { wanted, other } = pair
        await asker.setBloom(filterBloom([wanted.topic]))
        await settled(pair, poster, asker)
        await holdsBack(poster, asker, [other, strong], [wanted, strong])
        await asker.setBloom(new Uint8Array(64).fill(0xff))
        await settled(pair, poster, asker)
        await reaches('the other topic', asker, await poster.post(other, utf8Bytes('after'), strong))
        expect(pair.node.whisper.connected()).toBe(true)
      }
    },
    {
      ...between,
      name: '100 kB, 900 kB, 1.04 MB; 1.2 MB is refused at posting',
      play: async (stage, direction) => {
        const pair = await whisperPair(stage, implementation)
        const [poster, asker] = sides(pair, direction)
        for (const size of sizes) {
          await reaches(`${size} bytes`, asker, await poster.post(pair.wanted, randomBytes(size), least * 2))
        }
        await expect(poster.post(pair.wanted, randomBytes(1_200_000), least * 2)).rejects.toThrow(
          /huge messages are not allowed|payload: at most/
        )
        expect(pair.node.whisper.connected()).toBe(true)
      }
    },
    {
      ...between,
      name: 'a peer that sends 1.5 MB is cut off, and others are served',
      directions: ['theirs → ours'],
      play: async stage => {
        const pair = await whisperPair(stage, implementation, ['-maxsize', '5000000'])
        const ended = new Promise(resolve => {
          pair.node.host.on('peerdisconnected', fact => resolve(fact.ending))
        })
        const large = await pair.theirs.post(pair.wanted, randomBytes(1_500_000), least * 2)
        expect(await ended).toMatchObject({ by: 'us' })
        expect(pair.ours.has(large)).toBe(false)
        const next = await stage.geth(implementation, ['-minpow', String(least)])
        next.tell({ do: 'dial', enode: pair.node.enode() })
        await until('another peer', () => pair.node.whisper.peers().some(({ peerId }) => peerId === next.peerId))
      }
    }
  ]
}

/** What Whisper nodes ask of each other while they are linked, and how large envelopes may be. */
export const whisperNodes: readonly Scenario[] = [
  ...scenariosWith('geth', 'geth'),
  ...scenariosWith('status-go', 'status-go Whisper')
]
