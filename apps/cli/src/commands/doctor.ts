import { existsSync, statSync } from 'node:fs'
import { ecBackend, generatePrivateKey } from '@status-stack/crypto'
import { createHost } from '@status-stack/devp2p-transport'
import { capability, createWhisper } from '@status-stack/whisper'
import { CliError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import type { Output } from '../output.ts'
import { profileExists, profileOf } from '../profile.ts'

interface Finding {
  readonly check: string
  readonly state: 'ok' | 'note' | 'problem'
  readonly message: string
}

const dialTimeoutMs = 10_000

/** `doctor`: looks at everything that keeps people from talking, and says what to do. */
export async function doctor(_: object, globals: Globals, output: Output): Promise<void> {
  const findings: Finding[] = []
  const report = (check: string, state: Finding['state'], message: string): void => {
    findings.push({ check, state, message })
    output.data(
      { event: 'finding', check, state, message },
      `${{ ok: '✓', note: '·', problem: '✗' }[state]} ${check}: ${message}`
    )
  }
  report('node', 'ok', `Node ${process.versions.node}`)
  const backend = ecBackend().name
  report(
    'curve',
    backend === 'native' ? 'ok' : 'note',
    backend === 'native'
      ? 'native secp256k1'
      : `${backend} secp256k1: works, several times slower; \`npm install\` with optional dependencies brings the native one`
  )
  const { resolved } = globals
  report('settings', 'ok', existsSync(resolved.file) ? resolved.file : `defaults; ${resolved.file} does not exist`)
  checkFiles(globals, report)
  if (globals.peers.length === 0)
    report('peers', 'note', 'none are set: give --peer, STATUS_STACK_PEERS or peers in the settings file')
  for (const peer of globals.peers) await checkPeer(peer, report)
  const problems = findings.filter(finding => finding.state === 'problem').length
  if (problems > 0) throw new CliError('failed', 'problems', `${problems} of ${findings.length} checks found a problem`)
}

type Report = (check: string, state: Finding['state'], message: string) => void

function checkFiles(globals: Globals, report: Report): void {
  const profile = profileOf(globals)
  if (!profileExists(profile)) {
    report('profile', 'note', `there is no profile ${profile.name} yet: status-stack init`)
    return
  }
  const open = [profile.folder, profile.accountFile].filter(path => (statSync(path).mode & 0o077) !== 0)
  if (open.length > 0) report('profile', 'problem', `others may read ${open.join(', ')}: chmod go-rwx`)
  else report('profile', 'ok', `${profile.name} in ${profile.folder}`)
  const { passwordFile } = globals
  if (passwordFile !== undefined && existsSync(passwordFile) && (statSync(passwordFile).mode & 0o077) !== 0) {
    report('password file', 'problem', `others may read ${passwordFile}: chmod go-rwx`)
  }
}

/** Dials as anybody would: with a fresh key, without the profile. */
async function checkPeer(enode: string, report: Report): Promise<void> {
  const whisper = createWhisper({}, {})
  const host = createHost(
    { privateKey: generatePrivateKey(), capabilities: [{ ...capability, run: link => whisper.attach(link) }] },
    { listen: false }
  )
  const name = `peer ${enode.slice(8, 16)}…${enode.slice(enode.indexOf('@'))}`
  await whisper.start()
  try {
    await host.start()
    const started = performance.now()
    const attached = new Promise<void>(resolve =>
      whisper.events.addEventListener('peerattached', () => resolve(), { once: true })
    )
    const peer = await host.dial(enode, { signal: AbortSignal.timeout(dialTimeoutMs) })
    const timer = new Promise<'late'>(resolve => setTimeout(() => resolve('late'), dialTimeoutMs).unref())
    if ((await Promise.race([attached, timer])) === 'late')
      return report(name, 'problem', `${peer.clientName} connects but does not speak Whisper`)
    report(name, 'ok', `${peer.clientName}, Whisper attached in ${Math.round(performance.now() - started)} ms`)
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unreachable'
    report(name, 'problem', `cannot be reached (${code})`)
  } finally {
    await host.stop()
    await whisper.stop()
  }
}
