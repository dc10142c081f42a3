import { decodeRlp, encodeRlp, rlpBytes, rlpList } from '@status-stack/rlp'

/** @import { PeerLink } from '@status-stack/interface' */

/** The capability as both sides announce it: a name, a version, and how many message ids it takes. */
export const store = { name: 'store', version: 1, length: 3 }

const put = 0
const get = 1
const value = 2

const asText = (/** @type {Uint8Array | undefined} */ bytes) => new TextDecoder().decode(bytes)

/** A list of byte strings. What is none ends the connection: `invalid-message` tells the host that the peer broke the protocol. */
function fieldsOf(/** @type {Uint8Array} */ payload, /** @type {number} */ count) {
  try {
    return rlpList('message', decodeRlp(payload), count).map(item => rlpBytes('field', item))
  } catch (cause) {
    throw Object.assign(new Error('message: expected a list of byte strings', { cause }), { code: 'invalid-message' })
  }
}

/** Most values that are kept for all peers together. */
const maxValues = 1000

/** The side that keeps values. */
export function storeServer() {
  /** @type {Map<string, Uint8Array>} */
  const values = new Map()
  return {
    ...store,
    run: async (/** @type {PeerLink} */ link) => {
      for await (const { code, payload } of link.packets()) {
        if (code === put) {
          const [key, bytes] = fieldsOf(payload, 2)
          if (values.size < maxValues && bytes !== undefined) values.set(asText(key), bytes)
        } else {
          const [key] = fieldsOf(payload, 1)
          await link.send(value, encodeRlp([values.get(asText(key)) ?? '']))
        }
      }
    }
  }
}

/** The side that asks: `use` gets `put` and `get` for each peer; the connection ends when it returns. */
export function storeClient(
  /** @type {(remote: { put: (key: string, value: string) => Promise<void>, get: (key: string) => Promise<string> }) => Promise<void>} */ use
) {
  return {
    ...store,
    run: async (/** @type {PeerLink} */ link) => {
      const answers = link.packets()[Symbol.asyncIterator]()
      await use({
        put: (key, text) => link.send(put, encodeRlp([key, text])),
        get: async key => {
          await link.send(get, encodeRlp([key]))
          const answer = await answers.next()
          return answer.done === true ? '' : asText(fieldsOf(answer.value.payload, 1)[0])
        }
      })
    }
  }
}
