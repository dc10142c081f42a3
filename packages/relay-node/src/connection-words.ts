/**
 * What the codes of connections are called in front of people. A code that is not here is shown with its dashes taken out.
 *
 * @packageDocumentation
 */

const plain = (code: string): string => code.replaceAll('-', ' ')

const look = (table: Readonly<Record<string, string>>, code: string): string =>
  Object.hasOwn(table, code) ? (table[code] ?? plain(code)) : plain(code)

const ended: Readonly<Record<string, string>> = {
  requested: 'it was told to disconnect',
  'network-error': 'the network failed',
  'breach-of-protocol': 'the protocol was broken',
  'useless-peer': 'no shared protocol',
  'too-many-peers': 'it has too many peers',
  'already-connected': 'it is already connected',
  'incompatible-version': 'its version is incompatible',
  'invalid-identity': 'its key is wrong',
  'client-quitting': 'it was stopped',
  'unexpected-identity': 'its key differs from the one in the address',
  'connected-to-self': 'it is this node itself',
  'read-timeout': 'it was silent for too long',
  'subprotocol-error': 'its messages could not be read',
  closed: 'it hung up',
  network: 'the network failed',
  timeout: 'no answer in time',
  disconnected: 'it hung up',
  refused: 'it is not admitted',
  'bad-handshake': 'the handshake failed',
  'bad-hello': 'the handshake failed',
  banned: 'it is banned for a while'
}

const stages: Readonly<Record<string, string>> = {
  accept: 'before the handshake',
  handshake: 'in the handshake',
  hello: 'at its greeting'
}

/**
 * Why a connection ended, or did not come about.
 *
 * @example
 * ```ts
 * relay.on('peerdisconnected', ({ reason }) => console.log(whyEnded(reason)))
 * ```
 */
export const whyEnded = (code: string): string => look(ended, code)
/**
 * At which stage a connection ended, in words.
 *
 * @example
 * ```ts
 * relay.on('connectionrefused', ({ stage }) => console.log(atStage(stage)))
 * ```
 */
export const atStage = (stage: string): string => look(stages, stage)

const dialWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'it hung up during the handshake',
  EPIPE: 'it hung up during the handshake',
  ETIMEDOUT: 'no answer in time',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'its name cannot be resolved now',
  EACCES: 'this machine does not allow connections there'
}

/**
 * Why a node cannot be reached: what the operating system said, else the transport.
 *
 * @example
 * ```ts
 * relay.on('peerunreachable', ({ code, system }) => console.log(whyUnreachable(code, system)))
 * ```
 */
export const whyUnreachable = (code: string, system: string | undefined): string =>
  system !== undefined && Object.hasOwn(dialWords, system) ? (dialWords[system] ?? system) : unreachableWords(code)

const unreachableWords = (code: string): string =>
  code === 'network' ? 'it hung up during the handshake: is its key the one in the address?' : whyEnded(code)
