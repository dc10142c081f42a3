import { isPublicKey } from '@status-stack/crypto'
import { type ArgumentChecks, createArgumentChecks } from '@status-stack/utils'
import { invalidOption, MailserverError } from './errors.ts'
import type { EnvelopeStore, RequestIdentity } from './ports.ts'

/** Types of arguments at the public functions of this package. */
export const check: ArgumentChecks = /* @__PURE__ */ createArgumentChecks(
  (message, details) => new MailserverError('invalid-argument', message, { origin: 'caller', details })
)

/** @throws MailserverError `invalid-argument` for what opens no request */
export function checkIdentity(identity: RequestIdentity): void {
  check.object('identity', identity)
  check.bytes('identity.publicKey', identity.publicKey, 65)
  if (!isPublicKey(identity.publicKey)) throw invalidOption('identity.publicKey', 'expected a point on the curve')
  check.function('identity.ecdhX', identity.ecdhX)
}

const storeFunctions = ['open', 'close', 'put', 'query', 'deleteOlderThan', 'size'] as const

/** @throws MailserverError `invalid-argument` for what is no store */
export function checkStore(store: EnvelopeStore): void {
  check.object('store', store)
  check.oneOf('store.order', store.order, ['oldest-first', 'newest-first'])
  for (const name of storeFunctions) check.function(`store.${name}`, store[name])
}
