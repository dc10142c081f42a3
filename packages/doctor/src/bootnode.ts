import { resolveBootnodes } from '@status-stack/relay-node'
import { type Finding, ok, problem } from './finding.ts'
import { askClock } from './peer.ts'

/**
 * Whether a bootnode answers discovery.
 *
 * @example
 * ```ts
 * const { state, message } = await checkBootnode('enode://…@192.0.2.7:30303', 5000)
 * ```
 */
export async function checkBootnode(url: string, timeoutMs: number): Promise<Finding> {
  const check = `bootnode ${url.slice(8, 16)}…${url.slice(url.indexOf('@'))}`
  const [resolved] = await resolveBootnodes([url], () => undefined)
  if (resolved === undefined)
    return problem(check, 'its name cannot be resolved', 'check the spelling, and the DNS of this machine')
  const seen = await askClock(resolved, timeoutMs)
  return seen === undefined
    ? problem(
        check,
        'it answers no discovery packet',
        'it is down, its key has changed, its discovery is off, or UDP is filtered on the way'
      )
    : ok(check, `answers in ${Math.round(seen.roundTripMs)} ms`)
}
