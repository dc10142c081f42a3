import { bloomLength } from '../bloom.ts'
import { check, checkRouteKey, checkSigner, checkTopics, maxUint32 } from '../checks.ts'
import { invalidArgument } from '../errors.ts'
import { limits } from '../limits.ts'
import type { MailRequest } from './client-types.ts'
import type { SyncRequest } from './port.ts'

/** @throws WhisperError `invalid-argument` */
export function checkRequestKey(name: string, key: unknown): void {
  if (key === undefined) return
  check.object(name, key)
  const { kind, password } = key as { kind?: unknown; password?: unknown }
  if (kind === 'password') check.text(`${name}.password`, password)
  else checkRouteKey(name, key)
}

const requestNames = 'fromSeconds toSeconds topics limit cursor signer key force timeoutMs signal'.split(' ')

/** @throws WhisperError `invalid-argument` */
export function checkMailRequest(request: MailRequest): void {
  check.options('request', request, requestNames)
  const { fromSeconds, toSeconds, limit, topics, cursor, timeoutMs } = request
  check.integer('request.fromSeconds', fromSeconds, 0, maxUint32)
  check.integer('request.toSeconds', toSeconds, 0, maxUint32)
  if (toSeconds !== 0 && fromSeconds > toSeconds) throw invalidArgument('request: the range ends before it begins')
  check.integer('request.limit', limit, 1, limits.maxHistoryLimit)
  checkTopics('request.topics', topics)
  if (cursor !== undefined) check.bytes('request.cursor', cursor)
  if (timeoutMs !== undefined) check.number('request.timeoutMs', timeoutMs, 0, Number.MAX_SAFE_INTEGER)
  checkSigner('request.signer', request.signer)
  checkRequestKey('request.key', request.key)
  check.signal('request.signal', request.signal)
}

/** @throws WhisperError `invalid-argument` */
export function checkSyncRequest(request: SyncRequest): void {
  check.object('sync', request)
  check.integer('sync.lower', request.lower, 0, maxUint32)
  check.integer('sync.upper', request.upper, 0, maxUint32)
  if (request.lower > request.upper) throw invalidArgument('sync: the range ends before it begins')
  check.integer('sync.limit', request.limit, 1, limits.maxHistoryLimit)
  check.bytes('sync.bloom', request.bloom, { max: bloomLength })
  check.bytes('sync.cursor', request.cursor)
}
