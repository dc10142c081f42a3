import { utf8Bytes } from '@status-stack/crypto'
import { PfsError } from '../errors.ts'

function corrupt(what: string): PfsError {
  return new PfsError('record-corrupt', `record: ${what}`, { origin: 'environment' })
}

/** Appends big-endian fields to a growing buffer. */
export interface RecordWriter {
  readonly u8: (value: number) => void
  readonly u16: (value: number) => void
  readonly u32: (value: number) => void
  readonly u64: (value: bigint) => void
  /** Unix milliseconds as a double. */
  readonly ms: (value: number) => void
  /** Bytes of a length the reader knows. */
  readonly fixed: (bytes: Uint8Array) => void
  /** UTF-8, length first. */
  readonly text: (text: string) => void
  /** A copy of what was written. */
  readonly finish: () => Uint8Array
}

export function createRecordWriter(kind: number, version: number): RecordWriter {
  let buffer = new Uint8Array(1024)
  let view = new DataView(buffer.buffer)
  let length = 0
  const reserve = (count: number): number => {
    const at = length
    length += count
    if (length > buffer.length) {
      const wider = new Uint8Array(Math.max(2 * buffer.length, length))
      wider.set(buffer)
      buffer.fill(0)
      buffer = wider
      view = new DataView(buffer.buffer)
    }
    return at
  }
  // `at` first: reserving may replace the buffer.
  const writer: RecordWriter = {
    u8: value => {
      const at = reserve(1)
      view.setUint8(at, value)
    },
    u16: value => {
      const at = reserve(2)
      view.setUint16(at, value)
    },
    u32: value => {
      const at = reserve(4)
      view.setUint32(at, value)
    },
    u64: value => {
      const at = reserve(8)
      view.setBigUint64(at, value)
    },
    ms: value => {
      const at = reserve(8)
      view.setFloat64(at, value)
    },
    fixed: bytes => {
      const at = reserve(bytes.length)
      buffer.set(bytes, at)
    },
    text: text => {
      const bytes = utf8Bytes(text)
      writer.u16(bytes.length)
      writer.fixed(bytes)
    },
    finish: () => {
      const bytes = buffer.slice(0, length)
      buffer.fill(0)
      return bytes
    }
  }
  writer.u8(kind)
  writer.u8(version)
  return writer
}

/** Reads what a {@link RecordWriter} wrote. Every array it gives is a copy. */
export interface RecordReader {
  readonly version: number
  readonly u8: () => number
  readonly u16: () => number
  readonly u32: () => number
  readonly u64: () => bigint
  readonly ms: () => number
  readonly fixed: (length: number) => Uint8Array
  readonly text: () => string
  /** @throws PfsError `record-corrupt` unless everything was read */
  readonly end: () => void
}

const decoder = new TextDecoder()

/** @throws PfsError `record-corrupt`; `record-version` when a newer release wrote it. */
export function createRecordReader(bytes: Uint8Array, kind: number, newest: number): RecordReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = 0
  const take = (count: number): number => {
    const from = at
    at += count
    if (at > bytes.length) throw corrupt(`cut off at ${bytes.length} bytes`)
    return from
  }
  const reader: Omit<RecordReader, 'version'> = {
    u8: () => view.getUint8(take(1)),
    u16: () => view.getUint16(take(2)),
    u32: () => view.getUint32(take(4)),
    u64: () => view.getBigUint64(take(8)),
    ms: () => view.getFloat64(take(8)),
    fixed: length => {
      const from = take(length)
      return bytes.slice(from, from + length)
    },
    text: () => decoder.decode(reader.fixed(reader.u16())),
    end: () => {
      if (at !== bytes.length) throw corrupt(`${bytes.length - at} bytes too many`)
    }
  }
  if (reader.u8() !== kind) throw corrupt('not of the expected kind')
  const version = reader.u8()
  if (version < 1 || version > newest) {
    throw new PfsError('record-version', `record: expected version 1 to ${newest}, got ${version}`, {
      origin: 'environment',
      details: { version, newest }
    })
  }
  return { ...reader, version }
}
