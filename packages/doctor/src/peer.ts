import { generatePrivateKey, randomBytes } from '@status-stack/crypto'
import { type Host, peerIdOf } from '@status-stack/devp2p-transport'
import { type ClockProbe, probeClock } from '@status-stack/devp2p-transport/discovery'
import { createNodeHost, type Privacy, parseNodeAddress, privacyNodes } from '@status-stack/relay-node'
import { createIdentityKey } from '@status-stack/status-accounts'
import { systemScheduler, withTimeout } from '@status-stack/utils'
import { type Whisper, WhisperError } from '@status-stack/whisper'
import { type Finding, note, ok, problem } from './finding.ts'
import { explainDial, explainProtocol } from './reasons.ts'

/** What was found out about a peer. */
export interface PeerCheck {
  /** In the order of the steps: reached and speaking the same, its clock, its history. */
  readonly findings: readonly Finding[]
  /** The address at which the peer saw us, when it said. */
  readonly seenAs?: string | undefined
}

/** How a peer is tried. */
export interface PeerCheckOptions {
  /** For each step, milliseconds. */
  readonly timeoutMs: number
  /** CIDR masks with commas between; a peer outside is not dialed. @default all */
  readonly netRestrict?: string | undefined
  /** What is spoken here. */
  readonly privacy: Privacy
  /** Ask it for history too, perhaps with the password that its requests are closed with. */
  readonly mailserver?: { readonly password?: string | undefined } | undefined
}

/** How far clocks may be apart. SPEC: EIP-627, ten seconds. */
const toleranceMs = 10_000

/**
 * Dials as anybody would, with a fresh key and without an account, and looks at all that messages need.
 *
 * @example
 * ```ts
 * const { findings } = await checkPeer('enode://…@192.0.2.7:30303', { timeoutMs: 5000, privacy: 'whisper' })
 * for (const { check, state, message } of findings) console.log(check, state, message)
 * ```
 */
export async function checkPeer(enode: string, options: PeerCheckOptions): Promise<PeerCheck> {
  const node = parseNodeAddress(enode)
  const name = `${options.mailserver !== undefined ? 'mailserver' : 'peer'} ${idOf(enode)}…@${node.host}:${node.port}`
  // Discovery is asked at the port of an enode URL; a WebSocket has none.
  const clock = node.url === undefined ? askClock(enode, options.timeoutMs) : Promise.resolve(undefined)
  const privateKey = generatePrivateKey()
  const { whisper, waku } = privacyNodes(options.privacy, {}, { handshakeTimeoutMs: options.timeoutMs })
  const nodes = [whisper, waku].filter(one => one !== undefined)
  let failure: unknown
  let over: Promise<void> = Promise.resolve()
  const runOn =
    (one: Whisper): Whisper['attach'] =>
    link => {
      const running = one.attach(link)
      over = running.catch(error => {
        failure = error
      })
      return running
    }
  const capabilities = nodes.map(one => ({ ...one.capability, run: runOn(one) }))
  const host = createNodeHost(
    { privateKey, capabilities },
    { listen: false, dialTimeoutMs: options.timeoutMs, netRestrict: options.netRestrict }
  )
  for (const one of nodes) await one.start()
  try {
    await host.start()
    const dialed = await dial(host, nodes, enode, options.timeoutMs)
    const seen = await clock
    const seenAs = seen?.seenAs
    if (dialed.kind === 'failed') {
      const { message, hint, code } = explainDial(
        dialed.error,
        { host: node.host, port: node.port },
        { keyProved: seen !== undefined, ours: capabilities.map(({ name, version }) => `${name}/${version}`) }
      )
      return { findings: [problem(name, message, hint, code)], seenAs }
    }
    if (dialed.kind === 'silent') {
      // The reason is known when the link is closed.
      await host.stop()
      await over
      const { message, hint } = explainProtocol(failure)
      return { findings: [problem(name, `${dialed.clientName}: ${message}`, hint)], seenAs }
    }
    const spoken = dialed.protocols.map(protocol => protocolNames[protocol] ?? protocol).join(' and ')
    const findings = [ok(name, `${dialed.clientName}, ${spoken} attached in ${dialed.ms} ms`)]
    const attached = dialed.node
    const rejected = await sendProbe(attached, peerIdOf(node.publicKey), options.timeoutMs)
    findings.push(judgeClock(`clock of ${name}`, seen, rejected))
    if (options.mailserver !== undefined) {
      const server = { peerId: peerIdOf(node.publicKey), password: options.mailserver.password }
      findings.push(await askHistory(`history of ${name}`, attached, server, privateKey, options.timeoutMs))
    }
    return { findings, seenAs }
  } finally {
    await host.stop()
    for (const one of nodes) await one.stop()
  }
}

/** The names of protocols as people know them, by the name of their capability. */
const protocolNames: Readonly<Record<string, string>> = { shh: 'Whisper', waku: 'Waku' }

type Dialed =
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'silent'; readonly clientName: string }
  | {
      readonly kind: 'attached'
      readonly clientName: string
      readonly ms: number
      /** Names of the capabilities that are shared. */
      readonly protocols: readonly string[]
      /** The first that finished its handshake. */
      readonly node: Whisper
    }

/** The first digits of the key in an address. */
const idOf = (address: string): string => address.replace(/^[a-z]+:\/\//i, '').slice(0, 8)

async function dial(host: Host, nodes: readonly Whisper[], enode: string, timeoutMs: number): Promise<Dialed> {
  const started = performance.now()
  const settled = new Promise<Whisper | undefined>(resolve => {
    for (const node of nodes) node.on('peerconnected', () => resolve(node))
    host.on('peerdisconnected', () => resolve(undefined))
  })
  try {
    const { clientName, capabilities } = await host.dial(enode, { signal: AbortSignal.timeout(2 * timeoutMs) })
    const node = await withTimeout(settled, systemScheduler, 2 * timeoutMs)
    if (node === undefined) return { kind: 'silent', clientName }
    const ms = Math.round(performance.now() - started)
    return { kind: 'attached', clientName, ms, protocols: capabilities.map(({ name }) => name), node }
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
  whisper.on('enveloperejected', () => {
    rejected = true
  })
  const acknowledged = new Promise<boolean>(resolve => whisper.on('batchacknowledged', () => resolve(rejected)))
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
    ? ok(check, 'it accepts a fresh envelope of ours')
    : note(check, 'it tells neither its time nor whether it accepts an envelope')
}

async function askHistory(
  check: string,
  whisper: Whisper,
  server: { readonly peerId: string; readonly password: string | undefined },
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
          arrival: { kind: 'public', name: 'doctor' },
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
          'it is a relay without an archive, or needs another password: check its URL'
        )
      : problem(
          check,
          'it refuses a request',
          'ask its operator; too many requests in a short time are refused too',
          code
        )
  }
}
