import { generatePrivateKey, randomBytes } from '@status-stack/crypto'
import {
  type ClockProbe,
  createHost,
  type Host,
  parseCompleteEnode,
  peerIdOf,
  probeClock
} from '@status-stack/devp2p-transport'
import { createIdentityKey } from '@status-stack/status-accounts'
import { systemScheduler, withTimeout } from '@status-stack/utils'
import { capability, createWhisper, type Whisper, WhisperError } from '@status-stack/whisper'
import { type MailserverAddress, parseMailserver } from '../mail/address.ts'
import { type Finding, note, ok, problem } from './finding.ts'
import { explainDial, explainWhisper } from './reasons.ts'

export interface PeerCheck {
  readonly findings: readonly Finding[]
  /** The address at which the peer saw us, when it said. */
  readonly seenAs?: string | undefined
}

export interface PeerCheckOptions {
  readonly timeoutMs: number
  readonly netRestrict?: string | undefined
  /** Ask it for history too. */
  readonly mailserver?: boolean
}

/** How far clocks may be apart. SPEC: EIP-627, ten seconds. */
const toleranceMs = 10_000

/** Dials as anybody would, with a fresh key and without the profile, and looks at all that messages need. */
export async function checkPeer(given: string, options: PeerCheckOptions): Promise<PeerCheck> {
  const address = parseMailserver(given)
  const { enode } = address
  const node = parseCompleteEnode(enode)
  const name = `${options.mailserver === true ? 'mailserver' : 'peer'} ${enode.slice(8, 16)}…@${node.host}:${node.tcpPort}`
  const clock = askClock(enode, options.timeoutMs)
  const privateKey = generatePrivateKey()
  const whisper = createWhisper({}, { handshakeTimeoutMs: options.timeoutMs })
  let failure: unknown
  let over: Promise<void> = Promise.resolve()
  const run = (link: Parameters<Whisper['attach']>[0]): Promise<void> => {
    const running = whisper.attach(link)
    over = running.catch(error => {
      failure = error
    })
    return running
  }
  const host = createHost(
    { privateKey, capabilities: [{ ...capability, run }] },
    { listen: false, dialTimeoutMs: options.timeoutMs, netRestrict: options.netRestrict }
  )
  await whisper.start()
  try {
    await host.start()
    const dialed = await dial(host, whisper, enode, options.timeoutMs)
    const seen = await clock
    const seenAs = seen?.seenAs
    if (dialed.kind === 'failed') {
      const { message, hint, code } = explainDial(
        dialed.error,
        { host: node.host, port: node.tcpPort },
        seen !== undefined
      )
      return { findings: [problem(name, `${message} (${code})`, hint)], seenAs }
    }
    if (dialed.kind === 'no-whisper') {
      // The reason is known when the link is closed.
      await host.stop()
      await over
      const { message, hint } = explainWhisper(failure)
      return { findings: [problem(name, `${dialed.clientName}: ${message}`, hint)], seenAs }
    }
    const findings = [ok(name, `${dialed.clientName}, Whisper attached in ${dialed.ms} ms`)]
    const rejected = await sendProbe(whisper, peerIdOf(node.publicKey), options.timeoutMs)
    findings.push(judgeClock(`clock of ${name}`, seen, rejected))
    if (options.mailserver === true)
      findings.push(await askHistory(`history of ${name}`, whisper, address, privateKey, options.timeoutMs))
    return { findings, seenAs }
  } finally {
    await host.stop()
    await whisper.stop()
  }
}

type Dialed =
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'no-whisper'; readonly clientName: string }
  | { readonly kind: 'attached'; readonly clientName: string; readonly ms: number }

async function dial(host: Host, whisper: Whisper, enode: string, timeoutMs: number): Promise<Dialed> {
  const started = performance.now()
  const settled = new Promise<'attached' | 'gone'>(resolve => {
    whisper.events.addEventListener('peerattached', () => resolve('attached'), { once: true })
    host.addEventListener('peerremoved', () => resolve('gone'), { once: true })
  })
  try {
    const { clientName } = await host.dial(enode, { signal: AbortSignal.timeout(2 * timeoutMs) })
    const how = whisper.connected() ? 'attached' : await withTimeout(settled, systemScheduler, 2 * timeoutMs)
    return how === 'attached'
      ? { kind: 'attached', clientName, ms: Math.round(performance.now() - started) }
      : { kind: 'no-whisper', clientName }
  } catch (error) {
    return { kind: 'failed', error }
  }
}

/** By discovery, where the peer answers it. */
export async function askClock(enode: string, timeoutMs: number): Promise<ClockProbe | undefined> {
  return probeClock(enode, { timeoutMs: Math.min(timeoutMs, 3_000) }).catch(() => undefined)
}

/** Posts one short-lived envelope that no one can open: `undefined` when the peer does not say what it makes of it. */
async function sendProbe(whisper: Whisper, peerId: string, timeoutMs: number): Promise<boolean | undefined> {
  const peer = whisper.peers().find(other => other.peerId === peerId)
  if (peer === undefined || !peer.confirmations || !peer.fullNode) return undefined
  let rejected = false
  whisper.events.addEventListener('enveloperejected', () => {
    rejected = true
  })
  const acknowledged = new Promise<boolean>(resolve =>
    whisper.events.addEventListener('batchacknowledged', () => resolve(rejected), { once: true })
  )
  const answered = withTimeout(acknowledged, systemScheduler, Math.min(timeoutMs, 8_000))
  const posted = whisper.postEnvelope({
    topic: randomBytes(4),
    key: { kind: 'symmetric', key: randomBytes(32) },
    payload: randomBytes(16),
    ttlSeconds: 5,
    pow: { target: Math.max(peer.minPow, 0.002), timeSeconds: 5 },
    signal: AbortSignal.timeout(timeoutMs)
  })
  return posted.then(
    () => answered,
    () => undefined
  )
}

/** What the time that the peer told and its answer to an envelope of ours mean together. */
export function judgeClock(check: string, seen: ClockProbe | undefined, rejected: boolean | undefined): Finding {
  const hint = 'set the clock of this machine by NTP (`timedatectl set-ntp true`), or tell the operator of the peer'
  if (seen !== undefined) {
    const uncertainMs = 1_000 + seen.roundTripMs / 2
    const seconds = Math.round(Math.abs(seen.aheadMs) / 1000)
    const text = `${seconds} s ${seen.aheadMs > 0 ? 'ahead of' : 'behind'} this machine’s`
    if (Math.abs(seen.aheadMs) - uncertainMs > toleranceMs)
      return problem(check, `${text}: beyond 10 s, envelopes are refused`, hint)
    if (rejected !== true)
      return Math.abs(seen.aheadMs) - uncertainMs > toleranceMs / 2
        ? note(check, text, hint)
        : ok(check, 'agrees with this machine’s')
  }
  if (rejected === true)
    return problem(check, 'it refuses a fresh envelope of ours: the two clocks are more than 10 s apart', hint)
  return rejected === false
    ? ok(check, 'it takes a fresh envelope of ours')
    : note(check, 'it does not tell its time, nor what it makes of an envelope')
}

async function askHistory(
  check: string,
  whisper: Whisper,
  server: MailserverAddress,
  privateKey: Uint8Array,
  timeoutMs: number
): Promise<Finding> {
  const nowSeconds = Math.floor(Date.now() / 1000)
  const { peerId, password } = server
  try {
    await whisper.history(peerId, {
      interests: [
        {
          topics: [randomBytes(4)],
          key: { kind: 'symmetric', key: randomBytes(32) },
          arrival: { kind: 'public-chat', name: 'doctor' },
          guarantee: 'group-readable'
        }
      ],
      fromSeconds: nowSeconds - 60,
      toSeconds: nowSeconds,
      limit: 1,
      signer: createIdentityKey(privateKey),
      timeoutMs,
      ...(password === undefined ? {} : { key: { kind: 'password', password } })
    })
    return ok(check, 'it answers')
  } catch (error) {
    const code = WhisperError.is(error) ? error.code : 'unexpected'
    return code === 'request-timeout'
      ? problem(
          check,
          'it answers no request',
          'it is a relay without archive, or wants another password: check its URL'
        )
      : problem(
          check,
          `it refuses a request (${code})`,
          'ask its operator; too many requests in a short time are refused too'
        )
  }
}
