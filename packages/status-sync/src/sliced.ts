import type { TimeSlicer } from '@status-stack/utils'
import { sliceItems } from './limits.ts'

/**
 * Runs `work` on each item in order and lets others have their turn when the slicer says so. It is asked once for
 * `sliceItems` items: a payload of ordinary size is handled at once, and is not put off while the process is busy with other
 * work.
 */
export async function forEachInSlices<Item>(
  items: Iterable<Item>,
  work: (item: Item) => void,
  slicer: TimeSlicer
): Promise<void> {
  let count = 0
  for (const item of items) {
    if (count++ % sliceItems === sliceItems - 1) await slicer.yielded()
    work(item)
  }
}
