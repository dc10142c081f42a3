import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { ecBackend } from '@status-stack/crypto'
import { checkChatClocks } from '../doctor/chat-clocks.ts'
import { type Finding, note, ok, problem } from '../doctor/finding.ts'
import { checkCurve, checkDisk, checkNode } from '../doctor/machine.ts'
import { askClock, checkPeer, type PeerCheck } from '../doctor/peer.ts'
import { checkProfile } from '../doctor/profile.ts'
import { checkAddress, checkPorts } from '../doctor/surroundings.ts'
import { CliError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import { parseMailserver } from '../mail/address.ts'
import { checkNetworkWords, readEnode, resolveBootnodes } from '../network/bootnodes.ts'
import type { Output } from '../output.ts'
import { profileOf } from '../profile.ts'

const defaultWaitMs = 10_000

/** `doctor`: looks at everything that keeps people from talking, and says what to do. */
export async function doctor(_: object, globals: Globals, output: Output): Promise<void> {
  // Typing errors are answered before anything is dialed.
  for (const url of [...globals.peers, ...globals.trusted]) readEnode(url, 'a peer')
  for (const url of globals.bootnodes) readEnode(url, 'a bootnode')
  for (const url of globals.mailservers) parseMailserver(url)
  checkNetworkWords(globals.nat, globals.netRestrict)
  const findings: Finding[] = []
  const report = (found: readonly Finding[]): void => {
    findings.push(...found)
    for (const { check, state, message, hint } of found) {
      const mark = { ok: '✓', note: '·', problem: '✗' }[state]
      output.data(
        { event: 'finding', check, state, message, hint: hint ?? null },
        `${mark} ${check}: ${message}${hint === undefined ? '' : `\n    ${hint}`}`
      )
    }
  }
  const profile = profileOf(globals)
  const { file } = globals.resolved
  report([checkNode(process.versions.node), checkCurve(ecBackend().name), await checkDisk(dirname(profile.folder))])
  report([ok('settings', existsSync(file) ? file : `defaults; ${file} does not exist`)])
  report(await checkProfile(globals))
  report(await checkChatClocks(globals, output))
  report(await checkPorts(globals))

  const timeoutMs = globals.resolved.origins.timeout === 'default' ? defaultWaitMs : globals.timeout * 1000
  const { netRestrict } = globals
  const checks: Promise<PeerCheck>[] = [
    ...globals.peers.map(peer => checkPeer(peer, { timeoutMs, netRestrict })),
    ...globals.mailservers.map(peer => checkPeer(peer, { timeoutMs, netRestrict, mailserver: true })),
    ...globals.bootnodes.map(async url => ({ findings: [await checkBootnode(url, timeoutMs)] }))
  ]
  if (checks.length === 0)
    report([
      note(
        'peers',
        'no peer is set',
        'give --peer, --mailserver or --bootnode, or set peers, mailservers or bootnodes in the settings file'
      )
    ])
  const seenAs: string[] = []
  for (const check of await Promise.all(checks)) {
    report(check.findings)
    if (check.seenAs !== undefined) seenAs.push(check.seenAs)
  }
  report([await checkAddress(globals, seenAs)])
  const problems = findings.filter(finding => finding.state === 'problem').length
  output.note(
    { event: 'diagnosis', checks: findings.length, problems },
    problems === 0 ? `${findings.length} checks, no problem` : `${findings.length} checks, ${problems} with a problem`
  )
  if (problems > 0) throw new CliError('failed', 'problems', `${problems} of ${findings.length} checks found a problem`)
}

async function checkBootnode(url: string, timeoutMs: number): Promise<Finding> {
  const check = `bootnode ${url.slice(8, 16)}…${url.slice(url.indexOf('@'))}`
  const [resolved] = await resolveBootnodes([url], () => undefined)
  if (resolved === undefined)
    return problem(check, 'its name cannot be resolved', 'check the spelling, and the DNS of this machine')
  const seen = await askClock(resolved, timeoutMs)
  return seen === undefined
    ? problem(
        check,
        'it answers no discovery packet',
        'it is down, its key is another one, discovery is off there, or UDP is filtered between here and there'
      )
    : ok(check, `answers in ${Math.round(seen.roundTripMs)} ms`)
}
