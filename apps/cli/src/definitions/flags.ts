import { InvalidArgumentError, Option } from 'commander'
import { assertNoSecret } from '../mail/enode-password.ts'
import { momentForms, parseMoment } from '../mail/time.ts'
import { isOrigin } from '../origins.ts'

/** For flags that may be repeated. */
export const collect = (value: string, sofar: readonly string[] | undefined): readonly string[] => [
  ...(sofar ?? []),
  value
]

export function positive(text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('expected a number above 0')
  return value
}

export function count(text: string): number {
  const value = positive(text)
  if (!Number.isInteger(value)) throw new InvalidArgumentError('expected a whole number above 0')
  return value
}

/** How long ago, or a date; Unix seconds. */
export function moment(text: string): number {
  const seconds = parseMoment(text, Date.now())
  if (seconds === undefined) throw new InvalidArgumentError(`${momentForms}, not in the future`)
  return seconds
}

export const sinceOption = (): Option =>
  new Option('--since <time>', 'from then on, for example 24h, 7d or 2026-11-20 (default: what was missed)').argParser(
    moment
  )
export const untilOption = (): Option => new Option('--until <time>', 'up to then (default: now)').argParser(moment)
export const peerOption = (): Option =>
  new Option('--peer <enode>', 'enode URL to stay connected to; may be repeated').argParser(collect)
export const mailserverOption = (): Option =>
  new Option(
    '--mailserver <enode>',
    'enode URL of a mailserver to fetch history from; may be repeated, best first'
  ).argParser((value: string, sofar: readonly string[] | undefined) => {
    assertNoSecret(value)
    return collect(value, sofar)
  })
export const listenOption = (): Option => new Option('--listen <address>', 'accept connections on host:port too')
export function port(text: string): number {
  const value = Number(text)
  if (!/^[0-9]{1,5}$/.test(text) || value > 65_535) throw new InvalidArgumentError('expected a port from 0 to 65535')
  return value
}

export const bootnodeOption = (): Option =>
  new Option('--bootnode <enode>', 'enode URL where discovery begins; may be repeated').argParser(collect)
export const discoverySwitch = (): Option =>
  new Option('--discovery', 'find peers by discovery v4; off unless given here, set, or implied by --bootnode')
export const timeoutOption = (what: string): Option => new Option('--timeout <seconds>', what).argParser(positive)
export const pfsOption = (): Option => new Option('--pfs <switch>', 'send with forward secrecy').choices(['on', 'off'])
export const chaosOption = (): Option =>
  new Option('--chaos <kinds>', 'a bad network, for tests: loss=0.2,delay=300,dup=0.1,skew=90')

export const originOption = (flag: string, what: string): Option =>
  new Option(`${flag} <origin>`, what).argParser((value: string, sofar: readonly string[] | undefined) => {
    if (!isOrigin(value))
      throw new InvalidArgumentError('expected an origin like https://app.example, a host name or *')
    return collect(value, sofar)
  })
export const hostOption = (flag: string, what: string): Option => new Option(`${flag} <name>`, what).argParser(collect)

type Example = readonly [what: string, command: string]

/** The last part of a command's help; the tests run what can be run. */
export function examples(...list: readonly Example[]): string {
  const width = Math.max(...list.map(([, command]) => command.length))
  return `\nExamples:\n${list.map(([what, command]) => `  status-stack ${command.padEnd(width)}   ${what}`).join('\n')}\n`
}
