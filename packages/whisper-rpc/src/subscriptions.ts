import { bytesToHex } from '@status-stack/crypto'
import type { EnvelopeMessage } from '@status-stack/whisper'
import type { Core } from './core.ts'
import { addFilter, type Criteria, criteria, filterOptionsOf } from './criteria.ts'
import { failed, invalidParams, RpcError } from './errors.ts'
import { serverLimits } from './limits.ts'
import { messageJson } from './message.ts'
import { decodeArguments } from './method.ts'
import { text } from './values/go-json.ts'

/** The subscriptions of one connection. */
export interface Subscriptions {
  /** Makes one; its notifications begin when `begin` is called, after the id was answered. */
  readonly subscribe: (
    params: unknown,
    namespace: string
  ) => Promise<{ readonly id: string; readonly begin: () => void }>
  /** @throws RpcError `call-failed` (`subscription not found`) */
  readonly unsubscribe: (id: string) => true
  readonly close: () => void
}

/** Name and criteria of a subscription. @throws RpcError `invalid-params`, `method-not-found` */
function argumentsOf(core: Core, params: unknown, namespace: string): Criteria {
  if (!Array.isArray(params)) throw invalidParams('non-array args')
  const [name] = params as readonly unknown[]
  if (typeof name !== 'string') throw invalidParams('expected subscription name as first argument')
  if (namespace !== core.namespace || name !== 'messages') {
    throw new RpcError('method-not-found', `no "${name}" subscription in ${namespace} namespace`, { origin: 'peer' })
  }
  const [, wanted] = decodeArguments(params, [text, criteria(core)])
  return wanted as Criteria
}

/** @param client whose connection it is, for what clients share */
export function createSubscriptions(core: Core, notify: (json: string) => void, client: unknown): Subscriptions {
  const { maxSubscriptions } = core.options.limits
  // BOUNDED: maxSubscriptions; what ends each, by its id.
  const open = new Map<string, () => boolean>()
  let closed = false

  const newId = (): string => `0x${bytesToHex(core.random.bytes(16)).replace(/^0{1,31}/, '')}`
  const send = (id: string, message: EnvelopeMessage): void => {
    const params = { subscription: id, result: messageJson(message, core.binary) }
    notify(JSON.stringify({ jsonrpc: '2.0', method: `${core.namespace}_subscription`, params }))
  }

  return {
    subscribe: async (params, namespace) => {
      const options = await filterOptionsOf(core, argumentsOf(core, params, namespace), 'subscribe')
      if (closed) throw failed('connection closed')
      if (open.size >= maxSubscriptions) throw failed(`too many subscriptions, at most ${maxSubscriptions}`)
      const id = newId()
      // BOUNDED: serverLimits.earlyMessages and earlyBytes; live envelopes can match before the id was answered.
      let early: EnvelopeMessage[] | undefined = []
      let earlyBytes = 0
      const onMessage = (message: EnvelopeMessage): void => {
        if (early === undefined) {
          send(id, message)
          return
        }
        earlyBytes += message.payload.length + message.padding.length
        if (early.length < serverLimits.earlyMessages && earlyBytes <= serverLimits.earlyBytes) early.push(message)
      }
      open.set(id, addFilter(core, { ...options, onMessage }, client).remove)
      return {
        id,
        begin: () => {
          const waiting = early ?? []
          early = undefined
          if (open.has(id)) for (const message of waiting) send(id, message)
        }
      }
    },
    unsubscribe: id => {
      const end = open.get(id)
      if (end === undefined) throw failed('subscription not found')
      open.delete(id)
      end()
      return true
    },
    close: () => {
      closed = true
      for (const end of open.values()) end()
      open.clear()
    }
  }
}
