import { PerformanceObserver } from 'node:perf_hooks'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/**
 * Bytes of V8's young generation, both halves, from which it is not to grow: where it is when a relay has started. Under a flood V8 goes up to 32 MiB,
 * gives back little of that later, and relays no faster with it.
 */
const enoughBytes = 8 * 2 ** 20

function youngGenerationBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0
}

/**
 * Keeps the young generation of this process from growing further. Its size is fixed before the first line of a program; by what factor it grows is
 * asked at each collection. After an idle time V8 makes it smaller: then it may grow again. Answers what ends this.
 */
export function boundYoungGeneration(): () => void {
  let grows = true
  const setGrowing = (may: boolean): void => {
    if (may === grows) return
    grows = may
    setFlagsFromString(`--semi-space-growth-factor=${may ? 2 : 1}`)
  }
  const look = (): void => setGrowing(youngGenerationBytes() < enoughBytes)
  look()
  const collections = new PerformanceObserver(look)
  collections.observe({ entryTypes: ['gc'] })
  return () => {
    collections.disconnect()
    setGrowing(true)
  }
}
