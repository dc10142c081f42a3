import { createLinkPair, type LinkPair } from '@status-stack/interface/testing'
import type { Whisper } from '@status-stack/whisper'
import { encodeStatus } from '@status-stack/whisper/wire'
import { idOf } from './layout.ts'
import { pause } from './steps.ts'

const quiet = (work: Promise<unknown>): void => void work.catch(() => undefined)

/** A peer that hardly reads, and one that sends nonsense to one relay after the other. */
export interface Strangers {
  readonly begin: () => void
  /** Links that the hostile one had. */
  readonly hostileLinks: () => number
}

/** @param first the number of the first of the relays: strangers of two processes have different ids */
export function createStrangers(relays: readonly Whisper[], first: number): Strangers {
  const hello = encodeStatus({ minPow: 0, light: false, confirmations: true })
  let links = 0
  const link = (at: number, kind: number): LinkPair => {
    const pair = createLinkPair({ right: idOf(kind, links * 16 + first), capacity: 16 })
    const relay = relays[at % relays.length] as Whisper
    quiet(relay.attach(pair.left).finally(pair.cut))
    quiet(pair.right.send(0, hello))
    return pair
  }
  const slow = async (): Promise<void> => {
    for (;;) {
      for await (const _ of link(2, 7).right.packets()) await pause(500)
      await pause(500)
    }
  }
  const hostile = async (): Promise<void> => {
    for (;;) {
      links += 1
      const pair = link(links, 9)
      const reading = (async () => {
        for await (const _ of pair.right.packets());
      })()
      for (let packets = 0; packets < 50; packets++) {
        const payload = crypto.getRandomValues(new Uint8Array(Math.floor(Math.random() * 2000)))
        await pair.right.send(Math.floor(Math.random() * 128), payload).catch(() => undefined)
        await pause(20)
      }
      pair.cut()
      await reading
    }
  }
  return {
    begin: () => {
      quiet(slow())
      quiet(hostile())
    },
    hostileLinks: () => links
  }
}
