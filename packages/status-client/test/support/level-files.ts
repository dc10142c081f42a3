import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A value that a file of LevelDB holds, whether the database still answers it or not. */
export interface FoundValue {
  readonly file: string
  readonly key: string
  readonly value: Uint8Array
}

const text = new TextDecoder()

/** Reads bytes one after the other. */
function reader(bytes: Uint8Array) {
  let at = 0
  const take = (length: number): Uint8Array => {
    if (length < 0 || at + length > bytes.length) throw new Error('the bytes end here')
    at += length
    return bytes.subarray(at - length, at)
  }
  const varint = (): number => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = take(1)[0] ?? 0
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }
  const little = (length: number): number => take(length).reduceRight((sum, byte) => sum * 256 + byte, 0)
  return { take, varint, little, left: () => bytes.length - at }
}

/** The format of https://github.com/google/snappy/blob/main/format_description.txt */
function unsnappy(bytes: Uint8Array): Uint8Array {
  const from = reader(bytes)
  const out = new Uint8Array(from.varint())
  let at = 0
  const copy = (length: number, offset: number): void => {
    for (let index = 0; index < length; index += 1, at += 1) out[at] = out[at - offset] ?? 0
  }
  while (from.left() > 0) {
    const tag = from.little(1)
    const high = tag >> 2
    if ((tag & 3) === 0) {
      const length = high < 60 ? high + 1 : from.little(high - 59) + 1
      out.set(from.take(length), at)
      at += length
    } else if ((tag & 3) === 1) copy((high & 7) + 4, (tag >> 5) * 256 + from.little(1))
    else copy(high + 1, from.little((tag & 3) === 2 ? 2 : 4))
  }
  return out
}

/** The write batches of a log: fragments in blocks of 32 KiB, put together again. */
function batchesOf(log: Uint8Array): Uint8Array[] {
  const batches: Uint8Array[] = []
  let parts: Uint8Array[] = []
  for (let block = 0; block < log.length; block += 32_768) {
    const from = reader(log.subarray(block, block + 32_768))
    while (from.left() >= 7) {
      from.take(4)
      const [length, type] = [from.little(2), from.little(1)]
      if (type === 0 || length > from.left()) break
      parts.push(from.take(length))
      if (type !== 1 && type !== 4) continue
      batches.push(Uint8Array.from(parts.flatMap(part => [...part])))
      parts = []
    }
  }
  return batches
}

function* valuesOfLog(log: Uint8Array): Generator<readonly [key: string, value: Uint8Array]> {
  for (const batch of batchesOf(log)) {
    const from = reader(batch)
    from.take(12)
    while (from.left() > 0) {
      const put = from.little(1) === 1
      const key = text.decode(from.take(from.varint()))
      if (put) yield [key, from.take(from.varint())]
    }
  }
}

/** Entries of one block of a table. */
function* entriesOf(table: Uint8Array, offset: number, size: number): Generator<readonly [Uint8Array, Uint8Array]> {
  const raw = table.subarray(offset, offset + size)
  const block = table[offset + size] === 1 ? unsnappy(raw) : raw
  const restarts = reader(block.subarray(block.length - 4)).little(4)
  const from = reader(block.subarray(0, block.length - 4 - 4 * restarts))
  let key = new Uint8Array()
  while (from.left() > 0) {
    const [shared, rest, length] = [from.varint(), from.varint(), from.varint()]
    key = Uint8Array.of(...key.subarray(0, shared), ...from.take(rest))
    yield [key, from.take(length)]
  }
}

function* valuesOfTable(table: Uint8Array): Generator<readonly [key: string, value: Uint8Array]> {
  const footer = reader(table.subarray(table.length - 48))
  footer.varint()
  footer.varint()
  for (const [, handle] of entriesOf(table, footer.varint(), footer.varint())) {
    const place = reader(handle)
    for (const [internal, value] of entriesOf(table, place.varint(), place.varint())) {
      // The last 8 bytes are the sequence number and what was done: 1 is a value.
      if (internal[internal.length - 8] === 1) yield [text.decode(internal.subarray(0, -8)), value]
    }
  }
}

/** Every value that the files of a LevelDB folder hold, old ones included: what a copy of the disk gives away. */
export function valuesOnDisk(folder: string): FoundValue[] {
  const found: FoundValue[] = []
  for (const file of readdirSync(folder)) {
    const values = file.endsWith('.log') ? valuesOfLog : file.endsWith('.ldb') ? valuesOfTable : undefined
    if (values === undefined) continue
    for (const [key, value] of values(Uint8Array.from(readFileSync(join(folder, file)))))
      found.push({ file, key, value })
  }
  return found
}

/** How many files of a folder hold these bytes as they are. */
export function filesWith(folder: string, bytes: Uint8Array): number {
  return readdirSync(folder).filter(file => readFileSync(join(folder, file)).includes(Buffer.from(bytes))).length
}
