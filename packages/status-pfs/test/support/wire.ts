import { expect } from 'vitest'
import type { Sealer } from '../../src/index.ts'
import {
  type DirectEntry,
  decodeProtocolMessage,
  encodeProtocolMessage,
  type ProtocolMessage
} from '../../src/primitives.ts'
import type { Person } from './sealers.ts'

/** The ProtocolMessage in sealed bytes. */
export function parsed(bytes: Uint8Array): ProtocolMessage {
  return decodeProtocolMessage(bytes) ?? expect.fail('not a ProtocolMessage')
}

const none = new Uint8Array(0)

/** A ProtocolMessage of its parts. */
export function message(installationId: string, parts: Partial<ProtocolMessage>): Uint8Array {
  return encodeProtocolMessage({ installationId, bundles: [], entries: [], publicMessage: none, ...parts })
}

/** The same message with other fields. */
export function changed(bytes: Uint8Array, change: (message: ProtocolMessage) => Partial<ProtocolMessage>): Uint8Array {
  const original = parsed(bytes)
  return encodeProtocolMessage({ ...original, ...change(original) })
}

/** The same message with its entries changed. */
export function withEntries(bytes: Uint8Array, change: (entry: DirectEntry) => DirectEntry): Uint8Array {
  return changed(bytes, ({ entries }) => ({ entries: entries.map(change) }))
}

export function entriesOf(bytes: Uint8Array): string[] {
  return parsed(bytes).entries.map(({ installationId }) => installationId)
}

/** Why bytes cannot be opened; the kind of the result when they can. */
export async function reasonOf(by: Sealer, bytes: Uint8Array, from: Person): Promise<string> {
  const result = await by.open(bytes, { sender: from.publicKey })
  return result.kind === 'unreadable' ? result.reason : result.kind
}

export function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice()
  const index = at < 0 ? copy.length + at : at
  copy[index] = (copy[index] ?? 0) ^ 1
  return copy
}
