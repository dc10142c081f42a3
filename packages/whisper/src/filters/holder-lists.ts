import type { createGroups, KeyGroup } from './key-groups.ts'

/** Those who have a key: for one topic, and for all. */
export interface Holders {
  readonly first: KeyGroup
  readonly second: KeyGroup | undefined
}

/** Lists of those whose keys may open an envelope of a topic, made once and not for each envelope. */
export function createHolderLists({
  byTopic,
  anyTopic
}: Pick<ReturnType<typeof createGroups>, 'byTopic' | 'anyTopic'>) {
  // BOUNDED: the topics that listeners name, and one for all others.
  const lists = new Map<number | undefined, readonly Holders[]>()
  return {
    of: (number: number): readonly Holders[] => {
      const groups = byTopic.get(number)
      const topic = groups === undefined ? undefined : number
      let list = lists.get(topic)
      if (list === undefined) {
        const own = [...(groups ?? [])].map(([id, first]) => ({ first, second: anyTopic.get(id) }))
        const rest = [...anyTopic].filter(([id]) => groups?.has(id) !== true)
        list = [...own, ...rest.map(([, first]) => ({ first, second: undefined }))]
        lists.set(topic, list)
      }
      return list
    },
    /** Listeners have come or gone. */
    forget: (): void => lists.clear()
  }
}
