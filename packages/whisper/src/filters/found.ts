import { hexToBytes } from '@status-stack/crypto'
import { type Opened, openedMessageOf } from '../message/wrap.ts'
import { topicBytes } from '../topic.ts'
import type { KeyName } from './key-name.ts'
import type { EnvelopeMessage } from './message.ts'

/** What is told of an envelope beside what is in it. */
export interface EnvelopeFacts {
  /** A number of `topicNumber`. */
  readonly topic: number
  /** Unix seconds. */
  readonly expiry: number
  readonly ttl: number
  readonly pow: number
  readonly p2p: boolean
  /** 64 hex digits: the envelope's hash. */
  readonly id: string
}

/**
 * What a filter found, for as long as it waits to be polled. A message has six arrays, all of which the collector would move twice before
 * somebody reads them: here it is the plaintext and numbers.
 */
export interface Found extends EnvelopeFacts {
  readonly opened: Opened
  /** What opened it. */
  readonly name: KeyName
}

export function foundOf(opened: Opened, { topic, expiry, ttl, pow, p2p, id }: EnvelopeFacts, name: KeyName): Found {
  return { topic, expiry, ttl, pow, p2p, id, opened, name }
}

/** When the message was sealed, Unix seconds. */
export function sentSecondsOf({ expiry, ttl }: Pick<EnvelopeFacts, 'expiry' | 'ttl'>): number {
  return (expiry - ttl) >>> 0
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** The message as it is told. One literal, and what is optional behind it in one order: spreading would give each its own form. */
export function messageOf(found: Found): EnvelopeMessage {
  const { name, topic, ttl, pow, p2p, id } = found
  const { payload, padding, signature, signer } = openedMessageOf(found.opened)
  const message: Mutable<EnvelopeMessage> = {
    payload,
    padding,
    topic: topicBytes(topic),
    ttl,
    sentSeconds: sentSecondsOf(found),
    pow,
    hash: hexToBytes(id),
    p2p
  }
  if (name.kind === 'symmetric') message.symmetricKeyHash = name.bytes.slice()
  else message.recipient = name.bytes.slice()
  if (signature !== undefined) message.signature = signature
  if (signer !== undefined) message.signer = signer
  return message
}
