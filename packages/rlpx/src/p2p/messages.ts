import { decodeRlpPrefix, encodeRlp, type RlpItem, rlpBytes, rlpList, rlpUint } from '@status-stack/rlp'
import { check, peerError, TransportError } from '../errors.ts'
import { limits } from '../limits.ts'
import { type DisconnectReason, disconnectReasons } from './reasons.ts'

/** Message ids of the base protocol; 4–15 are reserved and ignored. */
export const baseMessage = Object.freeze({ hello: 0, disconnect: 1, ping: 2, pong: 3 })

/** Ids below this belong to the base protocol. */
export const baseProtocolLength = 16

/** A Hello. SPEC: devp2p base protocol. */
export interface Hello {
  /** Of the base protocol: 5 for a node that compresses, 4 for one that does not. */
  readonly version: number
  /** Free text, such as `Geth/v1.9.5/linux`. */
  readonly clientName: string
  /** What the node speaks, in all versions of it. */
  readonly capabilities: readonly { readonly name: string; readonly version: number }[]
  /** Where it listens, as it says; 0 for unknown. Not relied upon. */
  readonly listenPort: number
  /** 64 bytes as on the wire: X‖Y. */
  readonly key: Uint8Array
}

/** Snappy is on for everything after Hello when the remote's version is at least this. */
export const snappyVersion = 5

/** Ping and Pong carry an empty list. */
export const emptyPayload: Uint8Array = Uint8Array.of(0xc0)

const helloRlpLimits = Object.freeze({ maxDepth: 4, maxItems: 512 })
const disconnectRlpLimits = Object.freeze({ maxDepth: 4, maxItems: 32 })
const text = new TextDecoder()

/**
 * The payload of Hello.
 *
 * @example
 * ```ts
 * const capabilities = [{ name: 'shh', version: 6 }]
 * encodeHello({ version: 5, clientName: 'mine/1.0', capabilities, listenPort: 0, key: publicKey.subarray(1) })
 * ```
 */
export function encodeHello(hello: Hello): Uint8Array {
  check.object('hello', hello)
  check.integer('version', hello.version, 0, Number.MAX_SAFE_INTEGER)
  check.text('clientName', hello.clientName, limits.helloBytes)
  check.array('capabilities', hello.capabilities)
  check.integer('listenPort', hello.listenPort, 0, Number.MAX_SAFE_INTEGER)
  check.bytes('key', hello.key)
  return encodeRlp([
    hello.version,
    hello.clientName,
    hello.capabilities.map(({ name, version }) => [name, version]),
    hello.listenPort,
    hello.key
  ])
}

/** A bad key in an otherwise readable Hello: answered with reason 7. */
function invalidIdentity(): TransportError {
  return peerError('malformed', 'Hello: the key is not 64 bytes or all zero', {
    reason: disconnectReasons['invalid-identity']
  })
}

/**
 * Reads a Hello payload; extra elements, another version and trailing bytes are accepted.
 * @throws TransportError `too-large` over 2048 bytes, `malformed`; with `details.reason` 7 for a bad key
 *
 * @example
 * ```ts
 * const { clientName, capabilities } = decodeHello(message.payload)
 * ```
 */
export function decodeHello(payload: Uint8Array): Hello {
  check.bytes('payload', payload)
  if (payload.length > limits.helloBytes) {
    throw peerError('too-large', `Hello: at most ${limits.helloBytes} bytes, got ${payload.length}`)
  }
  try {
    const list = rlpList('Hello', decodeRlpPrefix(payload, helloRlpLimits).item)
    const capabilities = rlpList('capabilities', list[2]).map(entry => {
      const pair = rlpList('capability', entry, 2)
      return { name: text.decode(rlpBytes('name', pair[0])), version: rlpUint('version', pair[1], 53) }
    })
    if (capabilities.length > limits.helloCapabilities) {
      throw peerError(
        'too-large',
        `Hello: at most ${limits.helloCapabilities} capabilities, got ${capabilities.length}`
      )
    }
    const key = rlpBytes('key', list[4])
    if (key.length !== 64 || key.every(byte => byte === 0)) throw invalidIdentity()
    return {
      version: rlpUint('version', list[0], 53),
      clientName: text.decode(rlpBytes('client name', list[1])).slice(0, limits.clientNameCharacters),
      capabilities,
      listenPort: rlpUint('listen port', list[3], 53),
      key: key.slice()
    }
  } catch (error) {
    if (TransportError.is(error)) throw error
    throw peerError('malformed', `Hello: ${error instanceof Error ? error.message : 'unreadable'}`)
  }
}

/**
 * The payload of Disconnect: a list of one integer.
 *
 * @example
 * ```ts
 * sealer.seal(baseMessage.disconnect, encodeDisconnect('too-many-peers'))
 * ```
 */
export function encodeDisconnect(reason: DisconnectReason): Uint8Array {
  check.oneOf('reason', reason, Object.keys(disconnectReasons))
  return encodeRlp([disconnectReasons[reason]])
}

/**
 * The reason of a Disconnect payload: a list whose first element counts, an empty list (0) or a bare integer. Whatever
 * cannot be read counts as 0, as in go-ethereum: the connection ends either way.
 *
 * @example
 * ```ts
 * reasonName(decodeDisconnect(message.payload)) // 'too-many-peers'
 * ```
 */
export function decodeDisconnect(payload: Uint8Array): number {
  check.bytes('payload', payload)
  try {
    if (payload.length > limits.disconnectBytes) return 0
    const { item } = decodeRlpPrefix(payload, disconnectRlpLimits)
    const value: RlpItem | undefined = item instanceof Uint8Array ? item : item[0]
    return value === undefined ? 0 : rlpUint('reason', value, 53)
  } catch {
    return 0
  }
}
