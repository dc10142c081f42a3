import { type VectorCase, vectorBytes, vectorHex } from '@status-stack/vectors'
import type { EnvelopeMessage, FilterOptions, PostEnvelope } from '@status-stack/whisper'
import { createRpc, type WhisperNode } from '@status-stack/whisper-rpc'
import type { Check } from '../runner/check.ts'
import { bytesOf } from './support.ts'

/** A node that notes what it is asked for. */
function notingNode(message?: EnvelopeMessage) {
  const asked: { post?: PostEnvelope; filter?: FilterOptions } = {}
  const node: WhisperNode = {
    filters: {
      add: options => {
        asked.filter = options
        return 'f'.repeat(64)
      },
      messages: () => (message === undefined ? [] : [message]),
      has: () => true,
      remove: () => true
    },
    info: () => ({ memory: 0, messages: 0, minPow: 0.2, maxMessageSize: 1_048_576 }),
    peers: () => [],
    postEnvelope: async envelope => {
      asked.post = envelope
      return { hash: new Uint8Array(32), expiry: 0, sentTo: [], confirmations: (async function* () {})() }
    },
    mailserver: undefined as never,
    setBloomFilter: async () => undefined,
    setLight: () => undefined,
    setMaxMessageSize: () => undefined,
    setMinPow: async () => undefined,
    trustPeer: () => undefined
  }
  return { node, asked }
}

interface Answer {
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

/** Calls by text, so that the order of fields can be compared. */
function callsOf(node: WhisperNode) {
  const rpc = createRpc({ waku: node }, { wakuBytes: 'base64' })
  const raw = async (method: string, params: string): Promise<string> =>
    (await rpc.call(`{"jsonrpc":"2.0","id":1,"method":"${method}","params":${params}}`)) ?? ''
  const ask = async (method: string, ...params: readonly unknown[]): Promise<Answer> =>
    JSON.parse(await raw(method, JSON.stringify(params))) as Answer
  return { rpc, raw, ask }
}

const resultText = (answer: string): string => answer.replace(/^.*?"result":/, '').replace(/\}$/, '')

/** The JSON of the `waku_*` methods, through the API itself with a node that notes what reaches it. */
export async function rpcJson(vector: VectorCase, check: Check): Promise<void> {
  if (vector['hash'] !== undefined) await messageText(vector, check)
  else if (vector['name'] === 'info') {
    const { raw } = callsOf(notingNode().node)
    check.equal('json', vector['json'], resultText(await raw('waku_info', '[]')))
  } else if (vector['topics'] !== undefined) await criteria(vector, check)
  else await post(vector, check)
}

async function messageText(vector: VectorCase, check: Check): Promise<void> {
  const { ttl, timestamp, pow } = JSON.parse(vector['json'])
  const message: EnvelopeMessage = {
    payload: vectorBytes(vector['payload']),
    padding: bytesOf(vector['padding']),
    topic: vectorBytes(vector['topic']),
    ttl,
    sentSeconds: timestamp,
    pow,
    hash: vectorBytes(vector['hash']),
    p2p: false,
    ...(vector['sig'] === null ? {} : { signer: vectorBytes(vector['sig']) })
  }
  const { raw, ask } = callsOf(notingNode(message).node)
  const { result: symKeyID } = await ask('waku_newSymKey')
  const { result: id } = await ask('waku_newMessageFilter', { symKeyID, topics: [vector['topic']] })
  check.equal('json', `[${vector['json']}]`, resultText(await raw('waku_getFilterMessages', JSON.stringify([id]))))
}

/** The vector's arguments with the id of a key that is there. */
async function withKey(vector: VectorCase, ask: ReturnType<typeof callsOf>['ask']): Promise<Record<string, unknown>> {
  const given: Record<string, unknown> = JSON.parse(vector['json'])
  const isSymmetric = given['symKeyID'] !== undefined
  const { result } = await ask(isSymmetric ? 'waku_newSymKey' : 'waku_newKeyPair')
  return { ...given, [isSymmetric ? 'symKeyID' : 'privateKeyID']: result }
}

async function post(vector: VectorCase, check: Check): Promise<void> {
  const { node, asked } = notingNode()
  const { ask } = callsOf(node)
  const { error } = await ask('waku_post', await withKey(vector, ask))
  check.equal('accepted', vector['accepted'], error === undefined)
  if (vector['accepted'] === true) check.bytes('payload', vector['payload'], asked.post?.payload)
}

async function criteria(vector: VectorCase, check: Check): Promise<void> {
  const { node, asked } = notingNode()
  const { ask } = callsOf(node)
  const { error } = await ask('waku_newMessageFilter', await withKey(vector, ask))
  check.equal('accepted', vector['accepted'], error === undefined)
  check.bytes('sig', vector['sig'], asked.filter?.src)
  check.equal('topics', vector['topics'], asked.filter?.topics?.map(vectorHex))
  const { minPow, allowP2P } = JSON.parse(vector['json'])
  check.equal('json', [minPow, allowP2P], [asked.filter?.minPow, asked.filter?.allowP2P])
}
