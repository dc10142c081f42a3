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

const nothing = new Uint8Array(0)

/** An empty queue. */
export function createChunkQueue(): ChunkQueue {
  return new Chunks()
}

class Chunks implements ChunkQueue {
  #chunks: Uint8Array[] = []
  #length = 0
  // Small chunks are gathered here: a peer that sends single bytes must not cost us an object for each.
  #gathered = nothing
  #used = 0

  length(): number {
    return this.#length
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return
    this.#length += chunk.length
    if (this.#chunks.length > 0 && chunk.length < smallChunk) this.#gather(chunk)
    else this.#chunks.push(chunk)
  }

  take(count: number): Uint8Array {
    this.#length -= count
    const first = this.#chunks[0]
    if (first !== undefined && first.length >= count) {
      if (first.length === count) this.#chunks.shift()
      else this.#chunks[0] = first.subarray(count)
      if (this.#length === 0) this.#gathered = nothing
      return first.subarray(0, count)
    }
    const whole = new Uint8Array(count)
    let at = 0
    let whollyUsed = 0
    while (at < count) {
      const chunk = this.#chunks[whollyUsed]
      if (chunk === undefined) break
      const part = Math.min(chunk.length, count - at)
      whole.set(part === chunk.length ? chunk : chunk.subarray(0, part), at)
      at += part
      if (part === chunk.length) whollyUsed++
      else this.#chunks[whollyUsed] = chunk.subarray(part)
    }
    this.#chunks = this.#chunks.slice(whollyUsed)
    if (this.#length === 0) this.#gathered = nothing
    return whole
  }

  #gather(chunk: Uint8Array): void {
    const last = this.#chunks.at(-1)
    const open =
      last !== undefined && last.buffer === this.#gathered.buffer && this.#used + chunk.length <= this.#gathered.length
    if (!open) {
      this.#gathered = new Uint8Array(gatherBytes)
      this.#used = 0
    }
    this.#gathered.set(chunk, this.#used)
    this.#used += chunk.length
    if (open)
      this.#chunks[this.#chunks.length - 1] = this.#gathered.subarray(
        this.#used - chunk.length - last.length,
        this.#used
      )
    else this.#chunks.push(this.#gathered.subarray(0, this.#used))
  }
}
