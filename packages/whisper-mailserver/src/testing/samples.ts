import { bytesToHex, compareBytes, keccak256 } from '@status-stack/crypto'
import type { Archived } from '@status-stack/whisper'
import { archiveKey, cursorOfArchiveKey, encodeEnvelope } from '@status-stack/whisper/wire'
import type { EnvelopeStore, StoredEnvelope, StoreQuery } from '../ports.ts'

export const base = 1_600_000_000
const everything = new Uint8Array(64).fill(0xff)
export const chat = Uint8Array.of(1, 2, 3, 4)
/** Its first two bits fall into one byte: matched by the later one only. */
export const crowded = Uint8Array.of(0x10, 0x11, 0x80, 0)

export function check(holds: boolean, message: string): void {
  if (!holds) throw new Error(message)
}

/** An envelope sent so many seconds after the base; `variant` tells several of one second apart. */
export function sample(second: number, variant = 0, topic: Uint8Array = chat, size = 16): Archived {
  const sent = base + second
  const bytes = encodeEnvelope({
    expiry: sent + 10,
    ttl: 10,
    topic,
    data: new Uint8Array(size).fill(variant + 1),
    nonce: BigInt(variant)
  })
  return { bytes, hash: keccak256(bytes), topic, sentSeconds: sent, expirySeconds: sent + 10 }
}

export function samples(count: number): Archived[] {
  return Array.from({ length: count }, (_, i) => sample(Math.floor(i / 3), i % 3))
}

export function everythingOf(rest: Partial<StoreQuery> = {}): StoreQuery {
  return { lower: 0, upper: base + 1_000_000, bloom: everything, limit: 1000, ...rest }
}

export async function found(store: EnvelopeStore, query: StoreQuery): Promise<StoredEnvelope[]> {
  const all: StoredEnvelope[] = []
  for await (const chunk of store.query(query)) all.push(...chunk)
  return all
}

export function ids(envelopes: readonly { readonly bytes: Uint8Array }[]): string {
  return envelopes.map(({ bytes }) => bytesToHex(keccak256(bytes)).slice(0, 12)).join()
}

export function inOrder(store: EnvelopeStore, envelopes: readonly Archived[]): Archived[] {
  const oldestFirst = [...envelopes].sort((a, b) => compareBytes(archiveKey(a), archiveKey(b)))
  return store.order === 'oldest-first' ? oldestFirst : oldestFirst.reverse()
}

export async function pages(store: EnvelopeStore, limit: number): Promise<StoredEnvelope[]> {
  const all: StoredEnvelope[] = []
  let cursor: Uint8Array | undefined
  for (;;) {
    const page = await found(store, everythingOf({ limit, ...(cursor === undefined ? {} : { cursor }) }))
    all.push(...page)
    check(all.length <= 100, 'following cursors does not end')
    const last = page.at(-1)
    if (page.length < limit || last === undefined) return all
    cursor = cursorOfArchiveKey(last.key)
  }
}
