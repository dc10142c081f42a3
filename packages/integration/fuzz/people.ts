import { keccak256, utf8Bytes } from '@status-stack/crypto'
import { createIdentityKey } from '@status-stack/status-accounts'

/** An identity of the runs: the same each time. */
const person = (name: string) => createIdentityKey(keccak256(utf8Bytes(`fuzz ${name}`)))

export const [alice, bob, mallory] = [person('alice'), person('bob'), person('mallory')]
/** When it all happens, Unix milliseconds. */
export const nowMs = 1_600_000_000_000
