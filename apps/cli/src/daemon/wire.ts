import type { Client, ClientEvents } from '@status-stack/status-client'
import { ArgumentError } from './arguments.ts'

/**
 * What the program's own commands call of a client that runs in the daemon: see docs/decisions/0350. Everything that only
 * the owner of the database can do, or that takes a password, is left out.
 */
export const remoteCalls = [
  'acceptRequest',
  'addContact',
  'attachmentLimit',
  'block',
  'cancel',
  'chats',
  'clearChat',
  'clockReport',
  'contact',
  'contacts',
  'createGroup',
  'deleteMessage',
  'devices',
  'devicesOf',
  'disableDevice',
  'edit',
  'enableDevice',
  'fetchHistory',
  'idle',
  'inviteToGroup',
  'joinGroup',
  'joinPublic',
  'leaveGroup',
  'leavePublic',
  'ledger',
  'markSeen',
  'message',
  'messages',
  'pair',
  'peers',
  'places',
  'promoteInGroup',
  'publishContactCode',
  'react',
  'removeContact',
  'removeFromGroup',
  'renameGroup',
  'retry',
  'send',
  'setPolicy',
  'setProfile',
  'stepDownInGroup',
  'syncDevices',
  'tick',
  'unblock'
] as const satisfies readonly (keyof Client)[]

export type RemoteCall = (typeof remoteCalls)[number]

/** Facts that the commands listen to. */
export const remoteEvents = [
  'message',
  'change',
  'delivery',
  'refused',
  'peer',
  'chat',
  'contact',
  'device',
  'history',
  'skew',
  'notice'
] as const satisfies readonly (keyof ClientEvents)[]

export type RemoteEvent = (typeof remoteEvents)[number]

/** BOUNDED: how deep a value of a call may be nested. */
const deepest = 12

/** Values of the client's API as JSON: bytes become `{ "$bytes": base64 }`, an abort signal `{ "$signal": true }`. */
export function toWire(value: unknown): unknown {
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') }
  if (value instanceof AbortSignal) return { $signal: true }
  if (Array.isArray(value)) return value.map(toWire)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return Object.fromEntries(entries.map(([name, inner]) => [name, toWire(inner)]))
}

/** The same backwards; `signal` stands where one was. @throws ArgumentError what is nested too deep */
export function fromWire(value: unknown, signal?: AbortSignal, depth = 0): unknown {
  if (depth > deepest) throw new ArgumentError('args: nested too deep')
  if (Array.isArray(value)) return value.map(inner => fromWire(inner, signal, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  const record = value as Readonly<Record<string, unknown>>
  if (typeof record['$bytes'] === 'string') return new Uint8Array(Buffer.from(record['$bytes'], 'base64'))
  if (record['$signal'] === true) return signal
  return Object.fromEntries(Object.entries(record).map(([name, inner]) => [name, fromWire(inner, signal, depth + 1)]))
}
