import { equalBytes } from '@status-stack/crypto'
import type { Accepted, ReceiveContext } from './accepted.ts'
import { check } from './arguments.ts'
import type { Origin } from './checks/context.ts'
import { validateRelay } from './checks/origin.ts'
import { keyId } from './ids.ts'
import { limits } from './limits.ts'
import { decodePayload, payloadTypeNumber } from './payloads/registry.ts'
import { checkReceiveContext } from './receive-arguments.ts'
import { type Refused, refuse } from './refusal.ts'
import { runSliced, runSteps, type SliceOptions, type Steps } from './steps.ts'
import { acceptSteps } from './to-accepted.ts'
import { type ApplicationMetadataMessage, decodeWrapper, isCanonicalWrapper, messageIdOf, signerOf } from './wrapper.ts'

/**
 * Opens a wrapper and checks everything that can be checked without stored state: signature, author, recipient, arrival,
 * clocks, fields, group events. What needs stored state is `admit`'s. Never throws on bytes from outside.
 * SPEC: 6/PAYLOADS; the inbound pipeline of status-go 0.56.10.
 *
 * A group update can carry a thousand signatures: where others wait for the event loop, use {@link decodeSliced}.
 *
 * @throws DataError `invalid-argument` when `bytes` are no bytes or `seen` lacks something
 * @example
 * ```ts
 * const message = decode(bytes, { transportAuthor, sentMs, nowMs, arrival: { kind: 'identity' }, self: identity.publicKey })
 * if (message.kind === 'accepted') show(message.content)
 * ```
 */
export function decode(bytes: Uint8Array, seen: ReceiveContext): Accepted | Refused {
  checkArguments(bytes, seen)
  return runSteps(decodeSteps(bytes, seen))
}

/**
 * {@link decode} that lets others run: it pauses between signatures once the turn's budget is used.
 *
 * @throws DataError `invalid-argument`; the signal's reason once it has fired
 * @example
 * ```ts
 * const message = await decodeSliced(bytes, seen, { signal })
 * ```
 */
export async function decodeSliced(
  bytes: Uint8Array,
  seen: ReceiveContext,
  options: SliceOptions = {}
): Promise<Accepted | Refused> {
  checkArguments(bytes, seen)
  return await runSliced(decodeSteps(bytes, seen), options)
}

function checkArguments(bytes: Uint8Array, seen: ReceiveContext): void {
  check.bytes('bytes', bytes)
  checkReceiveContext(seen)
}

/** The steps of {@link decode}: one for each signature that is verified. */
export function* decodeSteps(bytes: Uint8Array, seen: ReceiveContext): Steps<Accepted | Refused> {
  const rules = seen.rules ?? 'strict'
  const { transportAuthor } = seen
  if (transportAuthor === undefined) return refuse('envelope-unsigned')
  if (bytes.length > limits.wrapperBytes) return refuse('wrapper-too-large')
  const wrapper = tryDecode(() => decodeWrapper(bytes))
  if (wrapper === undefined) return refuse('wrapper-malformed')
  const signer = signerOf(wrapper)
  yield
  if (signer === 'invalid') return refuse('wrapper-signature')
  if (rules === 'strict') {
    if (signer === undefined && !isOwnPairing(wrapper, transportAuthor, seen.self)) return refuse('wrapper-unsigned')
    // DEVIATION: status-go 0.56.10 takes any spelling, so anyone can give a signed message as many ids as they like.
    if (!isCanonicalWrapper(wrapper, bytes)) return refuse('wrapper-not-canonical')
  }
  if (wrapper.type === 0) return refuse('type-unknown')
  const payload = tryDecode(() => decodePayload(wrapper.type, wrapper.payload))
  if (payload === undefined) return refuse('payload-malformed')
  const author = signer ?? transportAuthor
  const messageId = messageIdOf(bytes, signer)
  const origin: Origin = {
    author,
    authorId: keyId(author),
    self: seen.self,
    selfId: keyId(seen.self),
    fromSelf: equalBytes(author, seen.self),
    arrival: seen.arrival,
    rules
  }
  const relay = validateRelay(payload, origin, transportAuthor)
  if (relay !== undefined) return refuse(relay)
  const times = { sentMs: sentMsOf(seen), nowMs: seen.nowMs, rules }
  const about = { messageId, signed: signer !== undefined, type: wrapper.type, knownEvents: seen.knownEvents }
  return yield* acceptSteps(payload, origin, times, about)
}

/**
 * Whether an unsigned wrapper is a pairing message of ours, the one that status-go 0.56.10 does not sign. Its author is the
 * envelope's, and it is taken from no one but ourselves. DEVIATION: 0.56.10 takes every unsigned wrapper as the envelope's
 * author's.
 */
function isOwnPairing({ type }: ApplicationMetadataMessage, transportAuthor: Uint8Array, self: Uint8Array): boolean {
  return type === payloadTypeNumber('pair-installation') && equalBytes(transportAuthor, self)
}

/**
 * The envelope's time as a reference for clocks. Its sender chose it, and an archive may hand over any: strict rules do not
 * believe a time to come, so no sender can move the clocks of a chat further ahead than readers accept.
 */
function sentMsOf({ sentMs, nowMs, rules = 'strict' }: ReceiveContext): number {
  return rules === 'strict' ? Math.min(sentMs, nowMs) : sentMs
}

function tryDecode<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
