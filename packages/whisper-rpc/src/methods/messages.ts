import { isPublicKey } from '@status-stack/crypto'
import { forEachSliced } from '@status-stack/utils'
import type { PostEnvelope, RouteKey } from '@status-stack/whisper'
import type { Core } from '../core.ts'
import { addFilter, criteria, filterOptionsOf, symmetricKey } from '../criteria.ts'
import { parseNode } from '../enode.ts'
import { failed, RpcError } from '../errors.ts'
import { RawJson } from '../json/answer.ts'
import { identityOf } from '../keys.ts'
import { messageJson } from '../message.ts'
import { type Method, method } from '../method.ts'
import { float, type Param, struct, text, uint32 } from '../values/go-json.ts'
import { toHex, topic } from '../values/hex.ts'

/** What `shh_post` takes. SPEC: go-ethereum `whisperv6.NewMessage`. */
const newMessageOf = (bytes: Param<Uint8Array>) =>
  struct('whisperv6.NewMessage', {
    symKeyID: text,
    pubKey: bytes,
    sig: text,
    ttl: uint32,
    topic,
    payload: bytes,
    padding: bytes,
    powTime: uint32,
    powTarget: float,
    targetPeer: text
  })

type NewMessage = ReturnType<typeof newMessageOf>['zero']

/** Posting and polling. */
export function messageMethods(core: Core): Readonly<Record<string, Method>> {
  const { whisper } = core.deps
  const newMessage = newMessageOf(core.binary.param)
  const { maxFilters, maxPosts } = core.options.limits
  const uninstall = (id: string): boolean => {
    const remove = core.filters.get(id)
    core.filters.delete(id)
    return remove?.() === true
  }
  const polling: Readonly<Record<string, Method>> = {
    shh_newMessageFilter: method([criteria(core)], async ([wanted], { client }) => {
      const options = await filterOptionsOf(core, wanted, 'poll')
      if (core.filters.size >= maxFilters) throw failed(`too many filters, at most ${maxFilters}`)
      const { id, remove } = addFilter(core, options, client)
      core.filters.set(id, remove)
      return id
    }),
    shh_getFilterMessages: method([text], async ([id]) => {
      const messages = core.filters.has(id) ? whisper.filters.messages(id) : undefined
      if (messages === undefined) throw failed('filter not found')
      const parts: string[] = []
      await forEachSliced(messages, message => void parts.push(JSON.stringify(messageJson(message, core.binary))))
      return new RawJson(`[${parts.join()}]`)
    }),
    shh_deleteMessageFilter: method([text], ([id]) => {
      if (!uninstall(id)) throw failed('Unsubscribe: Invalid ID')
      return true
    }),
    shh_post: method([newMessage], async ([message], { signal, client }) => {
      const envelope = await envelopeOf(core, message)
      const leave = core.posts.take(client)
      if (leave === undefined)
        throw failed(`too many messages are being sealed, at most ${maxPosts}, half of them of one client`)
      try {
        return toHex((await whisper.postEnvelope({ ...envelope, signal })).hash)
      } finally {
        leave()
      }
    })
  }
  if (core.options.flavour === 'geth') return polling
  return {
    ...polling,
    shh_uninstallFilter: method([text], ([id]) => {
      uninstall(id)
      return null
    })
  }
}

/** Checks a message in the order and with the texts of go-ethereum. @throws RpcError `call-failed` */
async function envelopeOf(core: Core, message: NewMessage): Promise<PostEnvelope> {
  const { symKeyID, pubKey, sig, payload, padding, powTime, powTarget, targetPeer } = message
  if ((symKeyID === '') === (pubKey.length === 0)) throw failed('specify either a symmetric or an asymmetric key')
  const signer = sig === '' ? undefined : identityOf(await core.keys.privateKey(sig))
  const key = keyOf(core, message)
  const { maxPowSeconds } = core.options.limits
  if (powTime > maxPowSeconds) throw failed(`powTime too long [${powTime}>${maxPowSeconds}]`)
  if (powTime === 0 && powTarget > 0) throw unreachablePow(powTime)
  const target = targetPeer === '' ? undefined : targetPeerOf(core, targetPeer)
  // DEVIATION: geth refuses a target below its own minimum only after the work; the answer is the same without it.
  if (target === undefined && powTarget < core.deps.whisper.info().minPow) {
    throw failed('message rejected, PoW too low')
  }
  return {
    topic: message.topic,
    key,
    payload,
    padding,
    ttlSeconds: message.ttl,
    pow: { target: powTarget, timeSeconds: powTime },
    ...(signer === undefined ? {} : { signer }),
    ...(target === undefined ? {} : { targetPeer: target })
  }
}

function keyOf(core: Core, { symKeyID, pubKey, topic: place }: NewMessage): RouteKey {
  if (symKeyID !== '') {
    if (place.every(byte => byte === 0)) throw failed('missing topic(s)')
    return symmetricKey(core, symKeyID)
  }
  if (!(pubKey.length === 65 && isPublicKey(pubKey))) throw failed('invalid public key')
  return { kind: 'asymmetric', publicKey: pubKey }
}

function unreachablePow(seconds: number): RpcError {
  return failed(`failed to reach the PoW target, specified pow time (${seconds} seconds) was insufficient`)
}

/** DEVIATION: geth looks at the target peer after the work was done; here no work is done for a peer that is not there. */
function targetPeerOf(core: Core, url: string): string {
  let peerId: string
  try {
    ;({ peerId } = parseNode(url))
  } catch (error) {
    throw RpcError.is(error) ? failed(`failed to parse target peer: ${error.message}`) : error
  }
  if (core.deps.whisper.peers().some(peer => peer.peerId === peerId)) return peerId
  throw failed(`Could not find peer with ID: ${peerId}`)
}
