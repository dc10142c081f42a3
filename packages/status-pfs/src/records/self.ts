import type { KeyPair } from '../keys.ts'
import { createRecordReader, createRecordWriter } from './bytes.ts'

export const selfKind = 0x53
const selfVersion = 1

/** One of our signed prekeys. */
export interface OwnPrekey {
  readonly pair: KeyPair
  readonly version: number
  readonly createdMs: number
  /** Unix milliseconds at which a newer one took over; 0 for the current one. */
  replacedMs: number
}

/** This device. */
export interface SelfRecord {
  /** 33 bytes. */
  readonly identity: Uint8Array
  readonly installationId: string
  /** Unix milliseconds of the last prekey made for recovery; 0 = never. */
  recoveredMs: number
  /** Oldest first; the last one is current. */
  prekeys: OwnPrekey[]
}

export function encodeSelf(self: SelfRecord): Uint8Array {
  const writer = createRecordWriter(selfKind, selfVersion)
  writer.fixed(self.identity)
  writer.text(self.installationId)
  writer.ms(self.recoveredMs)
  writer.u16(self.prekeys.length)
  for (const prekey of self.prekeys) {
    writer.fixed(prekey.pair.privateKey)
    writer.fixed(prekey.pair.publicKey)
    writer.u32(prekey.version)
    writer.ms(prekey.createdMs)
    writer.ms(prekey.replacedMs)
  }
  return writer.finish()
}

/** @throws PfsError `record-corrupt`, `record-version` */
export function decodeSelf(bytes: Uint8Array): SelfRecord {
  const reader = createRecordReader(bytes, selfKind, selfVersion)
  const self: SelfRecord = {
    identity: reader.fixed(33),
    installationId: reader.text(),
    recoveredMs: reader.ms(),
    prekeys: Array.from({ length: reader.u16() }, () => ({
      pair: { privateKey: reader.fixed(32), publicKey: reader.fixed(33) },
      version: reader.u32(),
      createdMs: reader.ms(),
      replacedMs: reader.ms()
    }))
  }
  reader.end()
  return self
}
