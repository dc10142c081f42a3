import { equalBytes } from '@status-stack/crypto'
import { raceAbort, withSignals } from '@status-stack/utils'
import type { Core } from '../composition/core.ts'
import { publicKeyHex } from '../ids.ts'
import type { NameResolver } from '../ports.ts'
import type { PublicKey } from '../types.ts'
import { contactOf, withContact } from './contact-record.ts'

const maxAttempts = 11
const initialBackoffMs = 30_000
const timeoutMs = 5000

/**
 * Claimed names are checked against the resolver's record before they are shown as a person's. Only an unreachable resolver is
 * asked again, with exponential back-off; a record with another key is an answer. SPEC: 9.5.
 */
export function createEnsNames(core: Core, resolver: NameResolver | undefined) {
  // BOUNDED: one entry per contact with a claimed name; gone when answered
  const waiting = new Map<
    string,
    { readonly publicKey: PublicKey; readonly attempts: number; readonly nextMs: number }
  >()

  const check = async (publicKey: PublicKey, attempts: number): Promise<void> => {
    const { ensName } = core.chatCache.contact(publicKey)
    if (resolver === undefined || !ensName.endsWith('.eth')) return
    let verified = false
    try {
      // One that looks at no signal holds nobody up either: neither those behind it nor the end of the client.
      const found = await withSignals([AbortSignal.timeout(timeoutMs), core.stopping], signal =>
        raceAbort(resolver.publicKeyOf(ensName, { signal }), signal)
      )
      verified = found !== undefined && equalBytes(found, publicKey)
    } catch {
      if (attempts + 1 < maxAttempts) {
        const nextMs = core.clock.nowMs() + initialBackoffMs * (attempts + 1) * 2 ** (attempts + 1)
        waiting.set(publicKeyHex(publicKey), { publicKey, attempts: attempts + 1, nextMs })
      }
      return
    }
    await core.state.run(async () => {
      const contact = core.chatCache.contact(publicKey)
      // A name that was claimed anew while we asked has its own check.
      const checked = core.data.contacts.next(contactOf(contact), { kind: 'ens-checked', ensName, verified })
      if (checked.ensVerified === contact.ensVerified) return
      const unit = core.store.unit()
      core.chatCache.putContact(unit, withContact(contact, checked))
      await unit.commit()
    })
  }

  let asking = false
  const askAgain = async (): Promise<void> => {
    asking = true
    const now = core.clock.nowMs()
    for (const [key, { publicKey, attempts, nextMs }] of waiting) {
      if (core.stopping.aborted) break
      if (nextMs > now) continue
      waiting.delete(key)
      await check(publicKey, attempts)
    }
  }

  return {
    claimed: (publicKey: PublicKey): void => {
      waiting.delete(publicKeyHex(publicKey))
      core.background.run('name', () => check(publicKey, 0))
    },
    /** Asks again in the background: with a resolver that is away it takes seconds for each name. */
    tick: (): void => {
      if (asking || waiting.size === 0) return
      core.untracked.run('names', () =>
        askAgain().finally(() => {
          asking = false
        })
      )
    }
  }
}

export type EnsNames = ReturnType<typeof createEnsNames>
