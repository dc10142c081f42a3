import { join } from 'node:path'
import { connectDaemon } from '../daemon/connection.ts'
import { type EventName, eventNames } from '../daemon/event-names.ts'
import { isOwnSocket, readHolder } from '../daemon/holder.ts'
import { CliError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import { readText } from '../messages/input.ts'
import { type JsonEvent, type Output, safeJson } from '../output.ts'
import { profileOf } from '../profile.ts'
import { interruption, waitFor } from '../signals.ts'

export interface CallOptions {
  /** Path of the socket; that of the profile's daemon without. */
  readonly socket?: string
  /** Names of events, with commas between. */
  readonly subscribe?: string
  /** Ends after so many events. */
  readonly count?: number
  /** Ends after so many seconds. */
  readonly for?: number
}

/** `call`: one method of a running daemon, its events, or both. Needs no password: the socket is its owner's alone. */
export async function call(
  options: CallOptions,
  globals: Globals,
  output: Output,
  [method, given]: readonly string[]
): Promise<void> {
  const events = options.subscribe === undefined ? [] : parseEvents(options.subscribe)
  if (method === undefined && events.length === 0)
    throw new CliError('usage', 'no-method', 'say which method to call, or what to --subscribe to')
  if (events.length === 0 && (options.count !== undefined || options.for !== undefined))
    throw new CliError('usage', 'no-subscribe', '--count and --for are about what one can --subscribe to')
  const params = given === undefined ? undefined : parseParams(given === '-' ? await readText('-') : given)
  const path = await socketOf(options, globals)
  const signal = interruption()
  const enough = new AbortController()
  let count = 0
  const connection = await connectDaemon(path, (name, event) => {
    if (name !== 'event' || (options.count !== undefined && count >= options.count)) return
    count++
    output.verbatim(event as JsonEvent, safeJson(event as JsonEvent))
    if (count === options.count) enough.abort()
  })
  try {
    // First: what the call brings about is heard of too.
    if (events.length > 0) await connection.call('subscribe', { events })
    if (method !== undefined) {
      const result = await connection.call(method, params).catch(withNames)
      output.verbatim({ event: 'result', method, result }, safeJson(result, 2))
    }
    if (events.length === 0) return
    output.note({ event: 'ready' }, '· subscribed; Ctrl-C ends it')
    const ends = AbortSignal.any([signal, enough.signal, connection.gone])
    const why = await waitFor(ends, options.for === undefined ? undefined : options.for * 1000)
    if (connection.gone.aborted) throw new CliError('failed', 'daemon-gone', 'the daemon has ended')
    if (why === 'timeout' && options.count !== undefined)
      throw new CliError('failed', 'timeout', `${count} of ${options.count} events came within ${options.for} s`)
  } finally {
    connection.close()
  }
}

/** Names the methods there are when the one that was called does not exist. */
async function withNames(error: unknown): Promise<never> {
  if (!(error instanceof CliError) || error.code !== 'no-method') throw error
  const { accountMethods } = await import('../daemon/methods/index.ts')
  throw new CliError('usage', 'no-method', error.message, `there are ${Object.keys(accountMethods).sort().join(', ')}`)
}

function parseEvents(text: string): readonly EventName[] {
  return text.split(',').map(part => {
    const event = eventNames.find(name => name === part.trim())
    if (event === undefined)
      throw new CliError(
        'usage',
        'event',
        `there is no event ${part.slice(0, 24)}`,
        `there are ${eventNames.join(', ')}`
      )
    return event
  })
}

function parseParams(text: string): object {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // Falls through to the same answer as another kind of value.
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new CliError('usage', 'params', 'the parameters are not a JSON object', `like '{"chat":"#status","limit":10}'`)
}

/** @throws CliError `no-daemon`, `foreign-socket` */
async function socketOf(options: CallOptions, globals: Globals): Promise<string> {
  if (options.socket !== undefined) return options.socket
  const profile = profileOf(globals)
  const path = (await readHolder(profile))?.socket ?? join(profile.folder, 'socket')
  if (await isOwnSocket(path)) return path
  throw new CliError(
    'unreachable',
    'no-daemon',
    `no daemon of profile ${profile.name} is running`,
    'start it with: status-stack daemon'
  )
}
