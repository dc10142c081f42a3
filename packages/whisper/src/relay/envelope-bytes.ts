/**
 * The bytes of many envelopes in few large buffers. A buffer of its own costs an envelope more than its entry, in the heap, in native memory
 * and in the work of the collector.
 */
export interface EnvelopeBytes {
  /** Takes a copy for this holder. Its view may move to another buffer later, as long as it is kept. */
  readonly keep: (holder: BytesHolder) => void
  /** The holder's bytes are needed here no more; a view that is still in use stays valid. */
  readonly release: (holder: BytesHolder) => void
}

/** What has bytes that are kept. */
export interface BytesHolder {
  bytes: Uint8Array
  block: BytesBlock | undefined
  /** Among the holders of its block. */
  blockPlace: number
}

/** One buffer and what lies in it. */
export interface BytesBlock {
  readonly buffer: Uint8Array
  /** In order; absent where one is gone, so that nothing of it is kept alive with its neighbours. */
  readonly holders: (BytesHolder | undefined)[]
  used: number
  live: number
}

/**
 * Bytes of a buffer. The C library maps what is as long as this on its own and gives it back when it is freed; of short buffers it keeps
 * what they took. Longer than the longest packet, which would move the bound from which it does so. Untouched pages cost nothing.
 */
const blockBytes = 2 * 1024 * 1024
/** The first of a pool: a node that holds little takes little. */
const firstBlockBytes = 32 * 1024
/** Longer ones get a buffer of their own. */
const longestShared = 8 * 1024

function createBlock(bytes: number): BytesBlock {
  return { buffer: new Uint8Array(bytes), holders: [], used: 0, live: 0 }
}

function isMostlyGone({ live, used }: BytesBlock): boolean {
  return live * 4 < used
}

/**
 * How long the one after a full one is: twice as long, up to the full length, where much of it is live still. Else it is sized by that: a node
 * that holds little at any time takes little for ever, however much passes through.
 */
function nextLength(full: BytesBlock): number {
  if (!isMostlyGone(full)) return Math.min(blockBytes, 2 * full.buffer.length)
  let length = firstBlockBytes
  while (length < full.live * 4) length *= 2
  return length
}

export function createEnvelopeBytes(): EnvelopeBytes {
  let open = createBlock(firstBlockBytes)

  const put = (holder: BytesHolder): void => {
    const { length } = holder.bytes
    if (length > longestShared) {
      holder.bytes = new Uint8Array(holder.bytes)
      holder.block = undefined
      return
    }
    if (open.used + length > open.buffer.length) {
      const full = open
      open = createBlock(nextLength(full))
      if (isMostlyGone(full)) move(full)
    }
    const end = open.used + length
    open.buffer.set(holder.bytes, open.used)
    holder.bytes = open.buffer.subarray(open.used, end)
    holder.block = open
    holder.blockPlace = open.holders.push(holder) - 1
    open.used = end
    open.live += length
  }

  /** What is still live of a block goes to the open one. */
  const move = (block: BytesBlock): void => {
    for (const holder of block.holders.splice(0)) if (holder !== undefined) put(holder)
    block.live = 0
  }

  return {
    keep: put,
    // BOUNDED: no buffer but the open one is kept for less than a quarter of its bytes, whatever expires first: what is left of it moves on.
    // Three bytes that are released pay for one that moves.
    release: holder => {
      const { block } = holder
      if (block === undefined) return
      holder.block = undefined
      block.holders[holder.blockPlace] = undefined
      block.live -= holder.bytes.length
      if (block !== open) {
        if (isMostlyGone(block)) move(block)
      } else if (block.live === 0 && block.buffer.length > firstBlockBytes) {
        // Nothing is left: a pool that was full once begins as it did at first.
        open = createBlock(firstBlockBytes)
      }
    }
  }
}
