import { bytesToHex } from '@status-stack/crypto'
import { raceAbort } from '@status-stack/utils'
import type { MailRequest, MailRequestSent, RequestKey } from '@status-stack/whisper'
import { check } from '../checks.ts'
import type { Core } from '../core.ts'
import { checkTopicCount } from '../criteria.ts'
import { type NodeAddress, parseEnode } from '../enode.ts'
import { failed, invalidOption, RpcError } from '../errors.ts'
import { type CallContext, type Method, method } from '../method.ts'
import { duration, flag, int, list, struct, text, uint32 } from '../values/go-json.ts'
import { hexBytes, toHex, topic } from '../values/hex.ts'

const day = 86_400
const cursorBytes = 36
const serverLimit = 1000
const defaultTimeoutSeconds = 10
/** Longest wait for one answer; timers could not wait longer than 24 days either. */
const longestTimeoutMs = 3_600_000

/** What is asked of a mailserver. SPEC: status-go 0.56.10 `MessagesRequest`. */
const messagesRequest = struct('MessagesRequest', {
  mailServerPeer: text,
  from: uint32,
  to: uint32,
  limit: uint32,
  cursor: text,
  topic,
  topics: list(topic, '[]types.TopicType'),
  symKeyID: text,
  timeout: duration,
  force: flag
})

type MessagesRequest = typeof messagesRequest.zero

const retryConfig = struct('RetryConfig', { BaseTimeout: duration, StepTimeout: duration, MaxRetries: int })

/** `shhext_*`, as far as it is about mailservers. */
export function mailMethods(core: Core): Readonly<Record<string, Method>> {
  const { maxMailservers, maxRequests, maxRetries } = core.options.limits
  // BOUNDED: maxMailservers
  let known: readonly NodeAddress[] = configured(core.deps.mailservers === undefined ? [] : core.deps.mailservers)

  const send = async (request: MessagesRequest, extra: Partial<MailRequest>, context: CallContext) => {
    const { server, ...query } = requestOf(core, request, known)
    const leave = core.requests.take(context.client)
    if (leave === undefined) {
      throw failed(`too many requests wait for their answer, at most ${maxRequests}, half of them of one client`)
    }
    try {
      const sent = await core.deps.whisper.mailserver.request(server, { ...query, ...extra, signal: context.signal })
      sent.completion.then(leave, leave)
      return sent
    } catch (error) {
      leave()
      throw error
    }
  }
  return {
    shhext_requestMessages: method([messagesRequest], async ([request], context) => {
      const { requestId, completion } = await send(request, {}, context)
      // The outcome is an event of the node; nobody waits for it here.
      completion.catch(() => undefined)
      return toHex(requestId)
    }),
    shhext_requestMessagesSync: method([retryConfig, messagesRequest], async ([config, request], context) => {
      const retries = Math.min(config.MaxRetries, maxRetries)
      for (let tries = 0; tries <= retries; tries++) {
        const wanted = Math.floor((config.BaseTimeout + config.StepTimeout * tries) / 1e6)
        const timeoutMs = Math.min(Math.max(1, wanted), longestTimeoutMs)
        // A retry is meant: the rule against repetitions is for the first try.
        const sent = await send(request, { timeoutMs, ...(tries > 0 ? { force: true } : {}) }, context)
        const answer = await answerOf(sent, context)
        if (answer !== undefined) return answer
      }
      throw failed(`failed to request messages after ${Math.max(0, retries + 1)} retries`)
    }),
    shhext_updateMailservers: method([list(text, '[]string')], ([urls]) => {
      if (urls.length > maxMailservers) throw failed(`too many mailservers, at most ${maxMailservers}`)
      known = urls.map(parseEnode)
      return null
    }),
    shhext_echo: method([text], ([message]) => message)
  }
}

/** Mailservers that the node was given. @throws RpcError `invalid-argument` */
function configured(urls: readonly string[]): readonly NodeAddress[] {
  check.array('mailservers', urls)
  return urls.map((url, at) => {
    check.text(`mailservers[${at}]`, url)
    try {
      return parseEnode(url)
    } catch (error) {
      throw RpcError.is(error) ? invalidOption(`mailservers[${at}]`, error.message) : error
    }
  })
}

/** The completion as status-go serialises it: its error is an object without fields. `undefined` when there was none. */
async function answerOf(
  { completion }: MailRequestSent,
  { signal }: CallContext
): Promise<{ readonly cursor: string; readonly error: null | Readonly<Record<string, never>> } | undefined> {
  try {
    const done = await raceAbort(completion, signal)
    return done.kind === 'done' ? { cursor: bytesToHex(done.cursor), error: null } : { cursor: '', error: {} }
  } catch (error) {
    if (signal.aborted) throw error
    return undefined
  }
}

/** Checks a request in the order and with the texts of status-go. @throws RpcError `call-failed` */
function requestOf(
  core: Core,
  request: MessagesRequest,
  known: readonly NodeAddress[]
): Omit<MailRequest, 'signal'> & { readonly server: string } {
  const now = Math.floor(core.clock.nowMs() / 1000)
  const to = request.to === 0 ? now : request.to
  const from = request.from === 0 ? Math.max(0, to - day) : request.from
  if (from > to) throw failed(`Query range is invalid: from > to (${from} > ${to})`)
  checkTopicCount(core, request.topics)
  const server = serverOf(core, request.mailServerPeer, known)
  const key = requestKey(core, request.symKeyID, server)
  const cursor = cursorOf(request.cursor)
  const signer = core.deps.nodeKey
  if (signer === undefined) throw failed('no node key to sign the request with')
  const seconds = request.timeout > 0 ? request.timeout : defaultTimeoutSeconds
  return {
    server: server.peerId,
    fromSeconds: from,
    toSeconds: to,
    topics: request.topics.length > 0 ? request.topics : [request.topic],
    limit: request.limit === 0 ? serverLimit : request.limit,
    signer,
    key,
    timeoutMs: Math.min(seconds * 1000, longestTimeoutMs),
    force: request.force,
    ...(cursor.length > 0 ? { cursor } : {})
  }
}

function serverOf(core: Core, url: string, known: readonly NodeAddress[]): NodeAddress {
  if (url !== '') return prefixed('invalid mailServerPeer value', () => parseEnode(url))
  const connected = new Set(core.deps.whisper.peers().map(({ peerId }) => peerId))
  const server = known.find(({ peerId }) => connected.has(peerId))
  if (server === undefined) throw failed('invalid mailServerPeer value: no connected mailserver is known')
  return server
}

function requestKey(core: Core, id: string, server: NodeAddress): RequestKey {
  if (id === '') return { kind: 'asymmetric', publicKey: server.publicKey }
  return prefixed('invalid symKeyID value', () => ({ kind: 'symmetric', key: core.keys.symmetricKey(id) }))
}

function cursorOf(cursor: string): Uint8Array {
  const bytes = hexBytes(cursor)
  if (bytes === undefined) {
    const why = cursor.length % 2 === 0 ? 'invalid byte' : 'odd length hex string'
    throw failed(`invalid cursor: encoding/hex: ${why}`)
  }
  if (bytes.length > 0 && bytes.length !== cursorBytes) {
    throw failed(`invalid cursor size: expected ${cursorBytes} but got ${bytes.length}`)
  }
  return bytes
}

function prefixed<Value>(prefix: string, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    throw RpcError.is(error) ? failed(`${prefix}: ${error.message}`) : error
  }
}
