import type { Core } from '../core.ts'
import { whisperFault } from '../core.ts'
import { failed, RpcError } from '../errors.ts'
import { type Method, method } from '../method.ts'
import { keyMethods } from './keys.ts'
import { mailMethods } from './mail.ts'
import { messageMethods } from './messages.ts'
import { nodeMethods } from './node.ts'

/** `shh_*` and `shhext_*`. SPEC: go-ethereum `whisperv6`, status-go `shhext`. */
export function whisperMethods(core: Core): Readonly<Record<string, Method>> {
  return { ...nodeMethods(core), ...keyMethods(core), ...messageMethods(core), ...mailMethods(core) }
}

/** status-go writes this one sentence with a small letter in Waku. */
function wakuFault(error: unknown): unknown {
  const fault = whisperFault(error)
  if (!RpcError.is(fault) || !fault.message.startsWith('Could not find peer')) return fault
  return failed(`c${fault.message.slice(1)}`)
}

/**
 * `waku_*` and `wakuext_*`: the same methods under other names. There is no version, and info has no memory.
 * SPEC: K-25; status-go 0.56.10 `waku/api.go`, 9/WAKU-RPC.
 */
export function wakuMethods(core: Core): Readonly<Record<string, Method>> {
  const { shh_version, shh_info, ...shared } = whisperMethods(core)
  const renamed = Object.entries(shared).map(([name, { params, run }]): [string, Method] => [
    name.replace(/^shh/, 'waku'),
    {
      params,
      run: async (args, context) => {
        try {
          return await run(args, context)
        } catch (error) {
          throw wakuFault(error)
        }
      }
    }
  ])
  return {
    ...Object.fromEntries(renamed),
    waku_info: method([], () => {
      const { minPow, maxMessageSize } = core.deps.whisper.info()
      return { messages: 0, minPow, maxMessageSize }
    })
  }
}
