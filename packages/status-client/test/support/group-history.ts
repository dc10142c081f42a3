import { utf8Bytes } from '@status-stack/crypto'
import type { GroupChange, GroupEvent } from '@status-stack/interface'
import { decodeSliced, keyId, outgoing, type ReceiveContext } from '@status-stack/status-data'
import type { ReceivedMessage } from '@status-stack/whisper'
import { createInbound } from '../../src/receiving/inbound.ts'
import { inside } from './core.ts'
import { identityOf } from './world.ts'

const nowMs = 1_600_000_000_000
const alice = identityOf('alice')
const bob = identityOf('bob')
const id = `00000000-0000-4000-8000-000000000001-${keyId(alice.publicKey)}`

/** Alice's group with Bob, as long as it is, and what she says in it. */
function history(events: number) {
  const changes: GroupChange[] = [
    { kind: 'created', name: 'long' },
    { kind: 'members-added', members: [bob.publicKey] }
  ]
  while (changes.length < events - 1) changes.push({ kind: 'name-changed', name: `name ${changes.length}` })
  const eventsOf = ({ effects }: { readonly effects: readonly object[] }): readonly GroupEvent[] =>
    effects.flatMap(effect => ('events' in effect ? (effect.events as readonly GroupEvent[]) : []))
  const created = outgoing(
    { kind: 'group', id, events: [] },
    { kind: 'group-changes', changes },
    { identity: alice, nowMs: nowMs - 60_000 }
  )
  const joined = outgoing(
    { kind: 'group', id, events: eventsOf(created.local) },
    { kind: 'group-changes', changes: [{ kind: 'member-joined' }] },
    { identity: bob, nowMs: nowMs - 30_000 }
  )
  const all = eventsOf(joined.local)
  let said = 0
  const say = (text: string, more: readonly GroupChange[] = []) => {
    const chat = { kind: 'group', id, events: all } as const
    const content =
      more.length > 0 ? ({ kind: 'group-changes', changes: more } as const) : ({ kind: 'text', text } as const)
    said += 1
    return outgoing(chat, content, { identity: alice, nowMs: nowMs + said }).bytes
  }
  return { created: created.bytes, joined: joined.bytes, say }
}

/**
 * Bob's client without layers below: messages go in as they come out of the ratchet, and verifications are counted.
 * `forgetful` reads as if no event were known: what a message cost before.
 */
export async function groupReader(events: number, forgetful = false) {
  const { core, groups, apply, failures } = await inside()
  let verified = 0
  const counted = async (bytes: Uint8Array, seen: ReceiveContext) => {
    const given = new Set<GroupEvent>()
    const outcome = await decodeSliced(bytes, {
      ...seen,
      knownEvents: chat => {
        const known = forgetful ? [] : (seen.knownEvents?.(chat) ?? [])
        for (const event of known) given.add(event)
        return known
      }
    })
    // Whatever was not handed in as known had its signature verified.
    const effects = outcome.kind === 'accepted' ? outcome.effects : []
    for (const effect of effects) {
      if (effect.kind === 'group-events') verified += effect.events.filter(event => !given.has(event)).length
    }
    return outcome
  }
  const inbound = createInbound(core, {
    sealer: {
      open: async bytes => ({
        kind: 'message',
        bytes,
        protection: 'forward-secret',
        strongest: 'forward-secret',
        effects: []
      }),
      confirm: async () => {}
    },
    applyEffects: async () => {},
    sync: {
      receive: async () => ({ kind: 'not-sync' }),
      accept: async () => {},
      knows: async () => false,
      peerActive: async () => {}
    },
    decode: counted,
    apply,
    groupEvents: groups.knownEvents,
    sampleClock: () => {},
    ownEnvelopeArchived: () => {}
  })
  let counter = 0
  const read = async (payload: Uint8Array, signer = alice.publicKey): Promise<void> => {
    counter += 1
    const delivery: ReceivedMessage = {
      payload,
      signer,
      sentSeconds: nowMs / 1000,
      hash: utf8Bytes(`${counter}`.padStart(32, '0')),
      arrival: { kind: 'identity' },
      guarantee: 'addressee-confidential',
      source: 'live'
    }
    await inbound.handle(delivery)
    await core.background.idle()
  }
  const { created, joined, say } = history(events)
  await read(created)
  await read(joined, bob.publicKey)
  return {
    id,
    core,
    groups,
    failures,
    say,
    read,
    /** Signatures verified since the last question. */
    verified: () => {
      const count = verified
      verified = 0
      return count
    }
  }
}
