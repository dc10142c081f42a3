import { bytesToHex, randomBytes } from '@status-stack/crypto'
import type { Attack, Attacked } from './attacks.ts'

const hex = (bytes: number): string => `0x${bytesToHex(randomBytes(bytes))}`
const call = (method: string, params: readonly unknown[] = [], id = 1): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params })

/** Texts of a client, one after the other. */
function texts(door: string, name: string, make: (scale: number) => readonly string[]): Attack {
  return {
    door,
    name,
    prepare: async ({ rpc }, scale) => {
      const all = make(scale)
      return async (): Promise<Attacked> => {
        let bytes = 0
        let answers = 0
        for (const text of all) {
          bytes += text.length
          if ((await rpc.call(text)) !== undefined) answers += 1
        }
        return { bytes, outcome: `${answers} answers` }
      }
    }
  }
}

const many = (count: number, make: (at: number) => string): readonly string[] =>
  Array.from({ length: Math.ceil(count) }, (_, at) => make(at))

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
  texts('JSON-RPC shh_setMinPoW', '100 changes', scale => many(100 * scale, () => call('shh_setMinPoW', [0]))),
  texts('JSON-RPC shh_post', 'a message of 1 MB', scale =>
    many(3 * scale, () =>
      call('shh_post', [
        { symKeyID: '0'.repeat(64), topic: hex(4), payload: hex(1_000_000), ttl: 10, powTime: 0, powTarget: 0 }
      ])
    )
  )
]
