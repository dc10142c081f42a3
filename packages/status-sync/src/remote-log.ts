import { protobuf } from '@status-stack/protobuf'
import { SyncError } from './errors.ts'
import { mvds } from './gen/wire.js'
import { attempt, own } from './protobuf.ts'

/** One message of a remote log. */
export interface RemoteLogPair {
  /** Where the message is found in content-addressed storage. */
  readonly remoteHash: Uint8Array
  /** Its message id. */
  readonly localHash: Uint8Array
  /** The message itself, when it travels with the log; else empty. */
  readonly data: Uint8Array
}

/** A page of the log of what somebody sent: with it a receiver sees what it misses. SPEC: 3/REMOTE-LOG. */
export interface RemoteLog {
  readonly pairs: readonly RemoteLogPair[]
  /** Remote hash of the page before this one; empty on the first. */
  readonly tail: Uint8Array
}

/** Serialises a page. */
export function encodeRemoteLog(log: RemoteLog): Uint8Array {
  const pair = log.pairs.map(({ remoteHash, localHash, data }) => ({
    remoteHash,
    localHash,
    ...(data.length > 0 ? { data } : {})
  }))
  return own(mvds.RemoteLog.encode({ pair, ...(log.tail.length > 0 ? { tail: log.tail } : {}) }).finish())
}

/** Reads a page. @throws SyncError `malformed-payload` */
export function decodeRemoteLog(bytes: Uint8Array): RemoteLog {
  const raw = attempt(() => mvds.RemoteLog.decode(protobuf.Reader.create(bytes)))
  if (raw === undefined) {
    throw new SyncError('malformed-payload', `remote log: expected protobuf, got ${bytes.length} other bytes`, {
      origin: 'peer'
    })
  }
  const field = (value: Uint8Array | null | undefined): Uint8Array => own(value ?? new Uint8Array())
  return {
    pairs: raw.pair.map(({ remoteHash, localHash, data }) => ({
      remoteHash: field(remoteHash),
      localHash: field(localHash),
      data: field(data)
    })),
    tail: field(raw.tail)
  }
}
