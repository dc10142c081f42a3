import { InvalidArgumentError, Option } from 'commander'

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

export const peerOption = (): Option =>
  new Option('--peer <enode>', 'enode URL to stay connected to; may be repeated').argParser(collect)
export const listenOption = (): Option => new Option('--listen <address>', 'accept connections on host:port too')
export const timeoutOption = (what: string): Option => new Option('--timeout <seconds>', what).argParser(positive)
export const pfsOption = (): Option => new Option('--pfs <switch>', 'send with forward secrecy').choices(['on', 'off'])
export const chaosOption = (): Option =>
  new Option('--chaos <kinds>', 'a bad network, for tests: loss=0.2,delay=300,dup=0.1,skew=90')

type Example = readonly [what: string, command: string]

/** The last part of a command's help; the tests run what can be run. */
export function examples(...list: readonly Example[]): string {
  const width = Math.max(...list.map(([, command]) => command.length))
  return `\nExamples:\n${list.map(([what, command]) => `  status-stack ${command.padEnd(width)}   ${what}`).join('\n')}\n`
}
