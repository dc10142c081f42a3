import type { Contact, GroupEvent, IdentityKey, PublicKey } from '@status-stack/interface'
import { type ArgumentChecks, createArgumentChecks } from '@status-stack/utils'
import { DataError } from './errors.ts'
import type { Rules } from './ports.ts'

/** What public functions are given is checked where it enters: a DataError `invalid-argument`, origin `caller`. */
export const check: ArgumentChecks = /* @__PURE__ */ createArgumentChecks(
  (message, details) => new DataError('invalid-argument', message, { origin: 'caller', details })
)

const publicKeyLength = 65
const rules: readonly Rules[] = ['strict', 'status-go-0.56.10']

export function checkKey(name: string, value: unknown): asserts value is PublicKey {
  check.bytes(name, value, publicKeyLength)
}

/** A contact record, as far as the rules look at it. */
export function checkContact(value: unknown): asserts value is Contact {
  check.object('contact', value)
  const { added, blocked, requestReceived } = value as Partial<Contact>
  check.boolean('contact.added', added)
  check.boolean('contact.blocked', blocked)
  check.boolean('contact.requestReceived', requestReceived)
}

/** A time or a clock, ms. */
export function checkMs(name: string, value: unknown): asserts value is number {
  check.number(name, value, 0, Number.MAX_SAFE_INTEGER)
}

export function checkBigint(name: string, value: unknown): asserts value is bigint {
  if (typeof value !== 'bigint') {
    throw new DataError('invalid-argument', `${name}: expected a bigint`, {
      origin: 'caller',
      details: { argument: name }
    })
  }
}

export function checkRules(value: unknown): asserts value is Rules | undefined {
  if (value !== undefined) check.oneOf('rules', value, rules)
}

export function checkIdentity(name: string, value: unknown): asserts value is IdentityKey {
  check.object(name, value)
  const { publicKey, sign } = value as Partial<IdentityKey>
  checkKey(`${name}.publicKey`, publicKey)
  check.function(`${name}.sign`, sign)
}

export function checkRandom(value: unknown): void {
  check.object('random', value)
  check.function('random.bytes', (value as { readonly bytes?: unknown }).bytes)
}

/** Opened events; each is looked at as far as telling them apart and ordering them needs. */
export function checkEvents(name: string, value: unknown): asserts value is readonly GroupEvent[] {
  check.array(name, value)
  for (const event of value) checkEvent(name, event)
}

function checkEvent(name: string, value: unknown): asserts value is GroupEvent {
  check.object(name, value)
  const { bytes, author, clock, members, targets } = value as Partial<GroupEvent>
  check.bytes(`${name}: bytes`, bytes, { min: publicKeyLength + 1 })
  check.text(`${name}: author`, author)
  checkMs(`${name}: clock`, clock)
  check.array(`${name}: members`, members)
  check.array(`${name}: targets`, targets)
}

export function checkBytesList(name: string, value: unknown): asserts value is readonly Uint8Array[] {
  check.array(name, value)
  for (const bytes of value) check.bytes(name, bytes)
}

/** The result of work on an object of many fields: a field that is missing or of another type is a wrong argument. */
export function wellFormed<T>(name: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    if (DataError.is(cause)) throw cause
    const message = `${name}: a field is missing or of the wrong type`
    throw new DataError('invalid-argument', message, { origin: 'caller', details: { argument: name }, cause })
  }
}
