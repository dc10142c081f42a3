import { TransportError } from '@status-stack/devp2p-transport'
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

/** Explains the failure of a dial. `keyProved`: the node answered discovery with the key of the URL. */
export function explainDial(
  error: unknown,
  at: { readonly host: string; readonly port: number },
  keyProved: boolean
): Reason {
  const where = `${at.host}:${at.port}`
  if (!TransportError.is(error)) return reason('unreachable', `cannot be reached at ${where}`, 'see --verbose')
  const { code, details } = error
  const system = error.message.startsWith('dial: ') ? error.message.slice('dial: '.length) : ''
  if (code === 'network' && system !== '') return explainSystem(system, where)
  if (code === 'timeout')
    return error.message.startsWith('handshake')
      ? reason(
          'silent',
          `something at ${where} accepts connections and says nothing`,
          'that is no devp2p node, or one that hangs: check the port of the URL'
        )
      : reason('filtered', `no answer from ${where}`, 'a firewall drops it, or the address is wrong')
  if (code === 'disconnected' || code === 'closed' || (code === 'refused' && details['why'] === undefined)) {
    const name = String(details['name'] ?? (details['reason'] === 3 ? 'useless-peer' : ''))
    const known = refusals[name]
    if (known !== undefined) return reason(name, known[0], known[1])
    return reason('refused', `it ended the connection (${name === '' ? code : name})`, 'ask its operator why')
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
  return reason('not-devp2p', `what listens at ${where} is not a devp2p node (${code})`, 'check the port of the URL')
}

function explainSystem(system: string, where: string): Reason {
  if (system === 'ECONNREFUSED')
    return reason('refused', `nothing listens at ${where}`, 'start the node, or check the port and its firewall')
  if (system === 'ENOTFOUND' || system === 'EAI_AGAIN')
    return reason(
      'no-name',
      `the name in ${where} cannot be resolved`,
      'check the spelling, and the DNS of this machine'
    )
  if (system === 'EHOSTUNREACH' || system === 'ENETUNREACH')
    return reason('no-route', `there is no route to ${where}`, 'check the network connection of this machine')
  return reason('network', `${where} cannot be connected to (${system})`, 'check the address and the network')
}

/** Explains why a peer that connected does not speak Whisper with us. */
export function explainWhisper(error: unknown): Reason {
  if (!WhisperError.is(error))
    return reason('no-whisper', 'it connects but does not speak Whisper', 'it may be overloaded, or not a Whisper node')
  return error.code === 'handshake-timeout'
    ? reason('no-whisper', 'it connects but sends no Whisper status', 'it may be overloaded: try again later')
    : reason(
        'other-whisper',
        `its Whisper does not agree with ours (${error.code})`,
        'it runs another protocol or version'
      )
}
