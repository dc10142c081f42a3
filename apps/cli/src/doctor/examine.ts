import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { ecBackend } from '@status-stack/crypto'
import {
  checkAddress,
  checkBootnode,
  checkCurve,
  checkDisk,
  checkNode,
  checkPeer,
  checkPorts,
  type Finding,
  note,
  ok,
  type PeerCheck,
  type WantedPort
} from '@status-stack/doctor'
import { checkNetworkOptions, readEnode, readNode, wantsDiscovery } from '@status-stack/relay-node'
import { CliError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import { parseListen } from '../listen-address.ts'
import { parseMailserver } from '../mail/address.ts'
import type { Output } from '../output.ts'
import { profileOf } from '../profile.ts'
import { checkChatClocks } from './chat-clocks.ts'
import { checkProfile } from './profile.ts'

const defaultWaitMs = 10_000

/** Looks at everything that keeps people from talking, and says what to do. */
export async function examine(globals: Globals, output: Output): Promise<void> {
  // Typing errors are answered before anything is dialed.
  for (const url of [...globals.peers, ...globals.trusted]) readNode(url, 'a peer')
  for (const url of globals.bootnodes) readEnode(url, 'a bootnode')
  const peers = globals.peers.map(parseMailserver)
  const mailservers = globals.mailservers.map(parseMailserver)
  checkNetworkOptions(globals.nat, globals.netRestrict)
  const findings: Finding[] = []
  const report = (found: readonly Finding[]): void => {
    findings.push(...found)
    for (const { check, state, message, hint, code } of found) {
      const mark = { ok: '✓', note: '·', problem: '✗' }[state]
      output.data(
        { event: 'finding', check, state, message, hint: hint ?? null, ...(code === undefined ? {} : { code }) },
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
  report(await checkPorts(portsOf(globals)))

  const timeoutMs = globals.resolved.origins.timeout === 'default' ? defaultWaitMs : globals.timeout * 1000
  const { netRestrict, privacy } = globals
  const how = { timeoutMs, netRestrict, privacy }
  const checks: Promise<PeerCheck>[] = [
    ...peers.map(({ enode }) => checkPeer(enode, how)),
    ...mailservers.map(({ enode, password }) => checkPeer(enode, { ...how, mailserver: { password } })),
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
  report([await checkAddress({ host: parseListen(globals.nodeListen).host, nat: globals.nat }, seenAs)])
  const problems = findings.filter(finding => finding.state === 'problem').length
  output.note(
    { event: 'diagnosis', checks: findings.length, problems },
    problems === 0 ? `${findings.length} checks, no problem` : `${findings.length} checks, ${problems} with a problem`
  )
  if (problems > 0) throw new CliError('failed', 'problems', `${problems} of ${findings.length} checks found a problem`)
}

/** What a node, and a client that was told to listen, would listen on. */
function portsOf(globals: Globals): readonly WantedPort[] {
  const { origins } = globals.resolved
  const node = parseListen(globals.nodeListen)
  const ports: WantedPort[] = [{ check: 'listen', kind: 'TCP', ...node, asked: origins.nodeListen === 'flag' }]
  if (wantsDiscovery(globals))
    ports.push({
      check: 'discovery port',
      kind: 'UDP',
      host: node.host,
      port: globals.discoveryPort ?? node.port,
      asked: origins.discoveryPort === 'flag'
    })
  if (globals.listen !== undefined && origins.listen !== 'flag')
    ports.push({ check: 'client listen', kind: 'TCP', ...parseListen(globals.listen), asked: false })
  return ports
}
