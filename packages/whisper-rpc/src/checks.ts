import { type ArgumentChecks, createArgumentChecks, longestDelayMs } from '@status-stack/utils'
import { RpcError } from './errors.ts'

/** Types of arguments at the public functions of this package. */
export const check: ArgumentChecks = /* @__PURE__ */ createArgumentChecks(
  (message, details) => new RpcError('invalid-argument', message, { origin: 'caller', details })
)

/** @throws RpcError `invalid-argument` for no time that a timer takes */
export function checkGrace(graceMs: unknown): void {
  check.number('graceMs', graceMs, 0, longestDelayMs)
}

/** @throws RpcError `invalid-argument` for what is no API */
export function checkRpc(rpc: unknown): void {
  check.object('rpc', rpc)
  check.ports({ rpc }, { rpc: ['call', 'connect'] })
}
