/** Received bytes in order; hands out contiguous pieces, copying only where a piece spans chunks. */
export interface ChunkQueue {
  /** Takes the chunk over. */
  readonly push: (chunk: Uint8Array) => void
  /** The next `count` bytes; the caller has checked {@link ChunkQueue.length}. */
  readonly take: (count: number) => Uint8Array
  readonly length: () => number
}

const smallChunk = 512
const gatherBytes = 8192

/** An empty queue. */
export function createChunkQueue(): ChunkQueue {
  let chunks: Uint8Array[] = []
  let length = 0
  // Small chunks are gathered here: a peer that sends single bytes must not cost us an object for each.
  let gathered = new Uint8Array(0)
  let used = 0
  const gather = (chunk: Uint8Array): void => {
    const last = chunks.at(-1)
    const open = last !== undefined && last.buffer === gathered.buffer && used + chunk.length <= gathered.length
    if (!open) {
      gathered = new Uint8Array(gatherBytes)
      used = 0
    }
    gathered.set(chunk, used)
    used += chunk.length
    if (open) chunks[chunks.length - 1] = gathered.subarray(used - chunk.length - last.length, used)
    else chunks.push(gathered.subarray(0, used))
  }
  return {
    push: chunk => {
      if (chunk.length === 0) return
      length += chunk.length
      if (chunks.length > 0 && chunk.length < smallChunk) gather(chunk)
      else chunks.push(chunk)
    },
    take: count => {
      length -= count
      const first = chunks[0]
      if (first !== undefined && first.length >= count) {
        if (first.length === count) chunks.shift()
        else chunks[0] = first.subarray(count)
        return first.subarray(0, count)
      }
      const whole = new Uint8Array(count)
      let at = 0
      let whollyUsed = 0
      while (at < count) {
        const chunk = chunks[whollyUsed]
        if (chunk === undefined) break
        const part = Math.min(chunk.length, count - at)
        whole.set(part === chunk.length ? chunk : chunk.subarray(0, part), at)
        at += part
        if (part === chunk.length) whollyUsed++
        else chunks[whollyUsed] = chunk.subarray(part)
      }
      chunks = chunks.slice(whollyUsed)
      return whole
    },
    length: () => length
  }
}
