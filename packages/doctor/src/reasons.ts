import { TransportError } from '@status-stack/devp2p-transport'
import { whyEnded } from '@status-stack/relay-node/words'
import { rootCodeOf, systemWords } from '@status-stack/utils'
import { WhisperError } from '@status-stack/whisper'

/** Why a peer cannot be reached, in words, and what to do. */
export interface Reason {
  readonly code: string
  readonly message: string
  readonly hint: string
}

const reason = (code: string, message: string, hint: string): Reason => ({ code, message, hint })

const refusals: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  'too-many-peers': ['it has too many peers', 'ask its operator for --trusted, or try later or another peer'],
  'useless-peer': [
    'it serves another network: no common protocol',
    'the URL of a Whisper node (shh/6) is needed, not of an Ethereum one'
  ],
  'already-connected': [
    'it has a connection with this key already',
    'end the other program that uses the same profile'
  ],
  'connected-to-self': ['it is this very node', 'take it out of the peers'],
  'incompatible-version': ['it speaks an incompatible version of the base protocol', 'it needs devp2p version 4 or 5'],
  'unexpected-identity': ['its key is another one than the URL says', 'get a new enode URL from its operator'],
  'client-quitting': ['it is just being stopped', 'try again in a moment']
}

/** What only someone who speaks another protocol does. */
const brokenRules: ReadonlySet<string> = new Set([
  'bad-handshake',
  'bad-mac',
  'too-large',
  'malformed',
  'bad-compression',
  'unexpected-message'
])

/** What is known beside the error. */
interface DialFacts {
  /** The node answered discovery with the key of the URL. */
  readonly keyProved: boolean
  /** What is spoken here: `shh/6`. */
  readonly ours: readonly string[]
}

/** Two nodes that meet and have nothing to say to each other. */
function explainNothingShared(theirs: string, ours: readonly string[]): Reason {
  const message = `no shared protocol: they speak ${theirs || 'none that is known here'}, you speak ${ours.join(', ')}`
  const spoken = new Set(theirs.split(', '))
  const privacy = spoken.has('shh/6') ? 'whisper' : spoken.has('waku/1') ? 'waku' : undefined
  return reason(
    'useless-peer',
    message,
    privacy === undefined
      ? 'the URL of a node of Whisper (shh/6) or Waku (waku/1) is needed, not of an Ethereum one'
      : `give --privacy ${privacy}, or both; or meet at a node that runs with --privacy both`
  )
}

/** Explains the failure of a dial. */
export function explainDial(
  error: unknown,
  at: { readonly host: string; readonly port: number },
  { keyProved, ours }: DialFacts
): Reason {
  const where = `${at.host}:${at.port}`
  if (!TransportError.is(error)) return reason('unreachable', `cannot be reached at ${where}`, 'see --verbose')
  const { code, details } = error
  if (typeof details['theirs'] === 'string') return explainNothingShared(details['theirs'], ours)
  const system = systemCode(error)
  if (code === 'network' && system !== '') return explainSystem(system, where)
  // Ours to give up is only what went on beyond the limits of connecting: a handshake without an end.
  if (code === 'aborted' || (code === 'timeout' && error.message.startsWith('handshake')))
    return reason(
      'silent',
      `something at ${where} accepts connections and says nothing`,
      'that is no devp2p node, or one that hangs: check the port of the URL'
    )
  if (code === 'timeout')
    return reason('filtered', `no answer from ${where}`, 'a firewall drops it, or the address is wrong')
  if (code === 'disconnected' || code === 'closed' || (code === 'refused' && details['why'] === undefined)) {
    const name = String(details['name'] ?? (details['reason'] === 3 ? 'useless-peer' : ''))
    const known = refusals[name]
    if (known !== undefined) return reason(name, known[0], known[1])
    return reason('refused', `it ended the connection: ${whyEnded(name === '' ? code : name)}`, 'ask its operator why')
  }
  if (code === 'refused')
    return reason(
      'not-allowed',
      `${where} is outside the networks of net_restrict`,
      'widen net_restrict, or drop the peer'
    )
  if (code === 'network')
    return keyProved
      ? reason(
          'turned-away',
          'it closes the connection before the handshake, though its key is right',
          'it keeps to other networks, has banned this address, or takes one connection in 30 s from it: ask its operator'
        )
      : reason(
          'wrong-key',
          'it closes the connection during the handshake: the key in the URL is not its key, or it lets no one in from here',
          'get a new enode URL from its operator: the key changes with its profile'
        )
  if (!brokenRules.has(code)) return reason('unreachable', `cannot be reached at ${where}`, 'see --verbose')
  return reason('not-devp2p', `what listens at ${where} is not a devp2p node`, 'check the port of the URL')
}

/** What the operating system said of a dial; over WebSocket it stands behind the error. */
function systemCode({ message, cause }: TransportError): string {
  if (!message.startsWith('dial: ')) return ''
  return rootCodeOf(cause) ?? message.slice('dial: '.length)
}

function explainSystem(system: string, where: string): Reason {
  if (system === 'ECONNREFUSED')
    return reason(
      'refused',
      `nothing listens at ${where}: connection refused`,
      'start the node, or check the port and its firewall'
    )
  if (system === 'ENOTFOUND' || system === 'EAI_AGAIN')
    return reason(
      'no-name',
      `the name in ${where} cannot be resolved`,
      'check the spelling, and the DNS of this machine'
    )
  if (system === 'EHOSTUNREACH' || system === 'ENETUNREACH')
    return reason('no-route', `there is no route to ${where}`, 'check the network connection of this machine')
  return reason(
    'network',
    `${where} cannot be connected to: ${systemWords(system) ?? system}`,
    'check the address and the network'
  )
}

/** Explains why a peer that connected does not speak the shared protocol with us. */
export function explainProtocol(error: unknown): Reason {
  if (!WhisperError.is(error))
    return reason(
      'no-status',
      'it connects but does not speak its protocol',
      'it may be overloaded, or another kind of node'
    )
  return error.code === 'handshake-timeout'
    ? reason('no-status', 'it connects but sends no status', 'it may be overloaded: try again later')
    : reason('other-protocol', 'its protocol does not agree with ours', 'it runs another protocol or version')
}
