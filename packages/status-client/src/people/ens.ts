import { equalBytes } from '@status-stack/crypto'
import { createBoundedMap, raceAbort, steadyClock, withSignals } from '@status-stack/utils'
import { type Core, isAcquainted } from '../composition/core.ts'
import { publicKeyHex } from '../ids.ts'
import { limits } from '../limits.ts'
import type { NameResolver } from '../ports.ts'
import type { PublicKey } from '../types.ts'
import { contactOf, withContact } from './contact-record.ts'

const maxAttempts = 11
const initialBackoffMs = 30_000
const timeoutMs = 5000

/** A person whose claimed name is to be checked. */
interface Claim {
  readonly publicKey: PublicKey
  /** Those that failed because the resolver could not be reached. */
  readonly attempts: number
  readonly dueMs: number
}

/**
 * Claimed names are checked against the resolver's record before they are shown as a person's. Only an unreachable resolver is
 * asked again, with exponential back-off; a record with another key is an answer. SPEC: 9.5.
 *
 * Each check asks a service of others about a name that somebody has chosen, and strangers may be many: people we know come first, and strangers
 * never have all of the checks under way.
 */
export function createEnsNames(core: Core, resolver: NameResolver | undefined) {
  const clock = steadyClock(core.clock)
  // BOUNDED: one entry per person whom we know, limits.ensStrangersWaiting of strangers; gone when answered
  const waiting = new Map<string, Claim>()
  // BOUNDED: limits.ensChecksAtOnce; a person has one at a time
  const underWay = new Map<string, { readonly isKnown: boolean }>()
  // BOUNDED: limits.ensStrangersWaiting; when strangers were asked about last
  const askedMs = createBoundedMap<string, number>({ maxEntries: limits.ensStrangersWaiting })

  const isKnown = ({ publicKey }: Pick<Claim, 'publicKey'>): boolean => isAcquainted(core, publicKey)

  /** A stranger's claim that is made room for is checked once they claim a name again, or we add them. */
  const wait = (claim: Claim): void => {
    const name = publicKeyHex(claim.publicKey)
    waiting.delete(name)
    waiting.set(name, claim)
    const strangers = [...waiting].filter(([, other]) => !isKnown(other))
    const [oldest] = strangers
    if (strangers.length > limits.ensStrangersWaiting && oldest !== undefined) waiting.delete(oldest[0])
  }

  const check = async ({ publicKey, attempts }: Claim): Promise<void> => {
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
      const backoffMs = initialBackoffMs * (attempts + 1) * 2 ** (attempts + 1)
      // A name that was claimed anew while we asked has its own check.
      if (attempts + 1 < maxAttempts && !waiting.has(publicKeyHex(publicKey)))
        wait({ publicKey, attempts: attempts + 1, dueMs: clock.nowMs() + backoffMs })
      return
    }
    await core.state.run(async () => {
      const contact = core.chatCache.contact(publicKey)
      const checked = core.data.contacts.next(contactOf(contact), { kind: 'ens-checked', ensName, verified })
      if (checked.ensVerified === contact.ensVerified) return
      const unit = core.store.unit()
      core.chatCache.putContact(unit, withContact(contact, checked))
      await unit.commit()
    })
  }

  const next = (): Claim | undefined => {
    const nowMs = clock.nowMs()
    const due = [...waiting.values()].filter(
      ({ publicKey, dueMs }) => dueMs <= nowMs && !underWay.has(publicKeyHex(publicKey))
    )
    const strangers = [...underWay.values()].filter(other => !other.isKnown).length
    return due.find(isKnown) ?? (strangers < limits.ensStrangersAtOnce ? due[0] : undefined)
  }

  const begin = (claim: Claim): void => {
    const name = publicKeyHex(claim.publicKey)
    const known = isKnown(claim)
    waiting.delete(name)
    underWay.set(name, { isKnown: known })
    if (!known) askedMs.set(name, clock.nowMs())
    // `idle` waits for what people we know claim; what strangers claim and what is asked again may take minutes.
    const background = known && claim.attempts === 0 ? core.background : core.untracked
    background.run('name', () =>
      check(claim).finally(() => {
        underWay.delete(name)
        pump()
      })
    )
  }

  const pump = (): void => {
    while (underWay.size < limits.ensChecksAtOnce && !core.stopping.aborted) {
      const claim = next()
      if (claim === undefined) return
      begin(claim)
    }
  }

  const claimed = (publicKey: PublicKey): void => {
    const { ensName, ensVerified } = core.chatCache.contact(publicKey)
    const name = publicKeyHex(publicKey)
    waiting.delete(name)
    if (resolver === undefined || ensVerified || !ensName.endsWith('.eth')) return
    const nowMs = clock.nowMs()
    const lastMs = isKnown({ publicKey }) ? undefined : askedMs.get(name)
    wait({ publicKey, attempts: 0, dueMs: lastMs === undefined ? nowMs : lastMs + limits.ensStrangerPauseMs })
    pump()
  }

  return {
    /** Somebody has claimed a name, or was added: checks it unless that was done. */
    claimed,
    /** Checks what an earlier run left unchecked. */
    start: (): void => {
      for (const { publicKey } of core.chatCache.contacts()) if (isKnown({ publicKey })) claimed(publicKey)
    },
    /** Asks what is due by now in the background: with a resolver that is away it takes seconds for each name. */
    tick: pump
  }
}

export type EnsNames = ReturnType<typeof createEnsNames>
