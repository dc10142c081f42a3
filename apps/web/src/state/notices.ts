import { type ReadonlySignal, signal } from '@preact/signals'
import type { ChatRef, Client } from '@status-stack/status-client'
import { limits } from '../limits.ts'

/** Something that people should know although nothing failed. */
export interface Notice {
  readonly id: number
  readonly text: string
}

export interface Notices {
  /** Latest first. */
  readonly all: ReadonlySignal<readonly Notice[]>
  /** Messages that came and are not shown, by reason: ordinary repetitions are not counted. */
  readonly refused: ReadonlySignal<ReadonlyMap<string, number>>
  readonly dismiss: (id: number) => void
  readonly stop: () => void
}

/** Listens to what a client says about clocks, evictions and refusals. */
export function createNotices(client: Pick<Client, 'on'>, titleOf: (chat: ChatRef) => string): Notices {
  const all = signal<readonly Notice[]>([])
  const refused = signal<ReadonlyMap<string, number>>(new Map())
  let next = 1
  const tell = (text: string): void => {
    // BOUNDED: limits.notices
    all.value = [{ id: next++, text }, ...all.value].slice(0, limits.notices)
  }
  const stops = [
    client.on('notice', notice => {
      if (notice.kind === 'chat-evicted') tell(`The oldest request of a stranger made room: ${titleOf(notice.chat)}`)
      else tell(`The clock of ${titleOf(notice.chat)} is ahead of time; what you write may stand above older messages.`)
    }),
    client.on('skew', fact => {
      if (fact.warning)
        tell('The clock of this device seems to be wrong. Set it right, or others will refuse your messages.')
    }),
    client.on('refused', ({ expected, layer, reason }) => {
      if (expected) return
      // Reasons are codes of our own packages: there are some dozens, whatever peers send.
      const key = `${layer}: ${reason}`
      refused.value = new Map([...refused.value, [key, (refused.value.get(key) ?? 0) + 1]])
    })
  ]
  return {
    all,
    refused,
    dismiss: id => {
      all.value = all.value.filter(notice => notice.id !== id)
    },
    stop: () => {
      for (const stop of stops) stop()
    }
  }
}
