import { join } from 'node:path'
import {
  type EventName,
  eventNames,
  type JsonEvent,
  limits,
  methodLines,
  methods
} from '@status-stack/account-rpc/methods'
import { count, positive } from '@status-stack/command-line'
import { interruption, outputEnded, waitFor } from '@status-stack/command-line/process'
import { isStackError } from '@status-stack/interface'
import { isOwnSocket, readHolder } from '@status-stack/profiles/folder'
import { type Context, defineCommand } from '../command.ts'
import { CliError, codeOf, describeError } from '../errors.ts'
import { flag } from '../flags.ts'
import type { Globals } from '../globals.ts'
import { readStdin } from '../messages/input.ts'
import { safeJson } from '../output.ts'
import { profileOf } from '../profile.ts'

interface CallOptions {
  /** Path of the socket; that of the profile's daemon without. */
  readonly socket?: string
  /** Names of events, with commas between. */
  readonly subscribe?: string
  /** Ends after so many events. */
  readonly count?: number
  /** Ends after so many seconds. */
  readonly for?: number
}

/** One method of a running daemon, its events, or both. Needs no password: the socket is its owner's alone. */
export const call = defineCommand({
  name: 'call',
  summary: 'call a method of a running daemon; no password is needed',
  positions: [
    ['[method]', 'its name; a wrong one is answered with those there are'],
    ['[params]', 'a JSON object; - for stdin']
  ],
  flags: [
    flag('--socket <path>', 'where the daemon listens (default: the daemon of the profile)'),
    flag('--subscribe <events>', `print events: ${eventNames.join(', ')}`),
    flag('--count <number>', 'end after this many events', { parse: count }),
    flag('--for <seconds>', 'end after this many seconds', { parse: positive })
  ],
  more: ['Methods and their parameters:', ...methodLines(methods)],
  examples: [
    ['who it is', 'call identity'],
    ['send', `call send '{"chat":"#status","text":"hello"}'`],
    ['what arrives, for a minute', 'call --subscribe message --for 60']
  ],
  load: () => import('../daemon-connection.ts'),
  run: async ({ options, globals, output, args: [method, given] }: Context<CallOptions>, { connectDaemon }) => {
    const events = options.subscribe === undefined ? [] : parseEvents(options.subscribe)
    if (method === undefined && events.length === 0)
      throw new CliError('usage', 'no-method', 'say which method to call, or what to --subscribe to')
    if (events.length === 0 && (options.count !== undefined || options.for !== undefined))
      throw new CliError('usage', 'no-subscribe', '--count and --for are about what one can --subscribe to')
    const params = given === undefined ? undefined : parseParams(given === '-' ? await readParams() : given)
    const path = await socketOf(options, globals)
    const signal = interruption()
    const enough = new AbortController()
    let seen = 0
    const account = await connectDaemon(path)
    try {
      // First: what the call brings about is heard of too.
      for (const name of events)
        account.on(name, (event: JsonEvent) => {
          if (options.count !== undefined && seen >= options.count) return
          seen++
          output.verbatim(event, safeJson(event))
          if (seen === options.count) enough.abort()
        })
      if (events.length > 0) await account.call('subscribe', { events })
      if (method !== undefined) {
        const result = await account.call(method, params).catch(explained)
        output.verbatim({ event: 'result', method, result }, safeJson(result, 2))
      }
      if (events.length === 0) return
      output.note({ event: 'ready' }, '· subscribed; Ctrl-C ends it')
      const ends = AbortSignal.any([signal, enough.signal, account.ended, outputEnded])
      const why = await waitFor(ends, options.for === undefined ? undefined : options.for * 1000)
      if (account.ended.aborted) throw new CliError('failed', 'daemon-gone', 'the daemon has ended')
      if (why === 'timeout' && options.count !== undefined)
        throw new CliError('failed', 'timeout', `${seen} of ${options.count} events came within ${options.for} s`)
    } finally {
      account.close()
    }
  }
})

/** A method that refuses has failed; the methods there are are named when the one that was called does not exist. */
function explained(error: unknown): never {
  const code = codeOf(error)
  if (!(error instanceof Error) || code === undefined || code === 'disconnected') throw error
  if (code === 'method')
    throw new CliError('usage', 'no-method', error.message, `there are ${Object.keys(methods).sort().join(', ')}`)
  if (!isStackError(error, 'AccountError')) throw error
  const { message, hint } = describeError(error)
  throw new CliError(code === 'disk-full' ? 'full' : 'failed', code, message, hint)
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

/** @throws CliError `params`, `too-long`, `not-utf8` */
async function readParams(): Promise<string> {
  if (process.stdin.isTTY === true)
    throw new CliError('usage', 'params', 'the parameters are read from stdin, which is a terminal', 'pipe them in')
  // BOUNDED: callBytes, which is what a daemon takes: a picture is longer than any text.
  return readStdin('the text of the parameters', limits.callBytes)
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
