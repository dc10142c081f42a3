import {
  type Content,
  type Chat as DataChat,
  type DataLayer,
  isStackError,
  type Outgoing,
  type SecurityLayer
} from '@status-stack/interface'
import { type Core, policyFor } from '../composition/core.ts'
import { type ClientError, type ClientErrorCode, callerError } from '../errors.ts'
import { messageIdOf } from '../ids.ts'
import type { Apply } from '../receiving/apply.ts'
import type { RefusedMessage } from '../receiving/apply-result.ts'
import { withOwnChat } from '../receiving/payment-requests.ts'
import type { OutboxRecord } from '../storage/records.ts'
import type { Unit } from '../storage/stores/store.ts'
import type { ChatRef, PublicKey, SendResult, ShownProtection } from '../types.ts'
import type { Outbox } from './outbox.ts'

export interface MessageSenderPorts {
  readonly apply: Apply
  readonly outbox: Outbox
  readonly sealer: Pick<SecurityLayer, 'devices'>
  /** Listens where the answer will come, and looks for the contact code of a person never written to. */
  readonly beforeHandOver: (ref: ChatRef) => Promise<void>
}

export interface MessageSender {
  /**
   * Makes a message, stores it with its ledger and its place in the outbox in one batch, then hands it over.
   * @throws ClientError what our own rules refuse; nothing is stored then
   */
  readonly send: (input: {
    readonly chat: DataChat
    /** Whose clock it takes and advances. */
    readonly ref: ChatRef
    readonly content: Content
    /** The caller's own id: stored with the message, and looked up under the same lock. */
    readonly tag?: string | undefined
  }) => Promise<SendResult>
}

const ours: Readonly<Record<string, ClientErrorCode>> = {
  'not-a-member': 'not-a-member',
  'group-unknown': 'unknown-chat',
  'chat-unknown': 'unknown-chat',
  'target-author': 'not-yours'
}

/** The reasons that a person can do something about. */
const words: Readonly<Record<string, string>> = {
  'not-a-member': 'you are not a member of this group',
  'group-unknown': 'this account knows no such group',
  'chat-unknown': 'this account has no such chat',
  'target-author': 'only the author of a message can change it'
}

function refusal(outcome: RefusedMessage): ClientError {
  const { reason } = outcome
  return callerError(ours[reason] ?? 'invalid-argument', words[reason] ?? `the message was refused: ${reason}`, {
    reason
  })
}

function fromData(error: unknown): unknown {
  if (!isStackError(error) || error.origin !== 'caller') return error
  const reason = String(error.details['reason'] ?? error.code)
  const tooLarge = reason.includes('too-l') || reason === 'quota-exceeded'
  return callerError(
    ours[reason] ?? (tooLarge ? 'too-large' : 'invalid-argument'),
    `the message was refused: ${reason}`,
    { reason }
  )
}

export function createMessageSender(core: Core, ports: MessageSenderPorts): MessageSender {
  const hasOtherDevices = async (): Promise<boolean> =>
    (await ports.sealer.devices(core.self)).some(device => !device.self && device.enabled)

  const audiencesOf = async (
    out: Outgoing
  ): Promise<{ via: OutboxRecord['via']; to: readonly (PublicKey | undefined)[] }> => {
    if (out.reliability === 'best-effort') {
      const to = out.to.map(audience => {
        if (audience.kind === 'identity') return audience.publicKey
        return audience.kind === 'own-devices' ? core.self : undefined
      })
      return { via: { kind: 'once', audiences: out.to, attempts: 0, nextMs: 0 }, to }
    }
    const copies = out.ownCopies && (await hasOtherDevices()) ? [core.self] : []
    const peers = [...out.to, ...copies]
    return { via: { kind: 'sync', peers }, to: peers }
  }

  /** What it will most likely be sealed with; the ledger knows better once it was. */
  const expected = async (out: Outgoing): Promise<ShownProtection> => {
    if (out.reliability === 'best-effort' && out.to.some(to => to.kind === 'public')) return 'public'
    const people =
      out.reliability === 'reliable' ? out.to : out.to.flatMap(to => (to.kind === 'identity' ? [to.publicKey] : []))
    let weakest: ShownProtection = 'forward-secret'
    for (const person of people) {
      if (policyFor(core, person).pfs === 'off') return 'transport-only'
      const devices = await ports.sealer.devices(person)
      if (!devices.some(device => device.targeted)) weakest = 'static-key'
    }
    return weakest
  }

  const tellFallback = (unit: Unit, chat: ChatRef, clock: number): void => {
    const lastClock = core.chatCache.chat(chat)?.lastClock ?? 0
    unit.after(() => {
      core.log.warn('the last clock of a chat was ahead of what readers accept', { lastClock, clock })
      core.emit('notice', { kind: 'clock-fallback', chat, lastClock, clock })
    })
  }

  const make: DataLayer['outgoing'] = (chat, content, context) => {
    try {
      return core.data.outgoing(chat, content, context)
    } catch (error) {
      throw fromData(error)
    }
  }

  /** The last clock of what was sent where there is no chat yet to remember it: profiles, and what own devices are told. */
  let lastWithoutChat = 0

  return {
    send: async ({ chat, ref, content, tag }) => {
      let release = (): void => {}
      const result = await core.state
        .run(async () => {
          // Of a flood of calls that wait for their turn, none holds up a stop.
          if (core.stopping.aborted) throw callerError('stopped', 'client: it was stopped')
          const before = tag === undefined ? undefined : await core.store.get<SendResult>(core.keys.tag(tag))
          if (before !== undefined) return before
          const startMs = core.clock.nowMs()
          const out = make(chat, content, {
            identity: core.identity,
            nowMs: startMs,
            lastClock: core.chatCache.chat(ref)?.lastClock ?? lastWithoutChat,
            ensName: core.profile().ensName
          })
          const messageId = messageIdOf(out.messageId)
          const unit = core.store.unit()
          const shown = await expected(out)
          const outcome = await ports.apply.apply(unit, withOwnChat(out.local, ref, core), {
            shown,
            source: 'local',
            old: false
          })
          if (outcome.kind === 'refused') throw refusal(outcome)
          const { via, to } = await audiencesOf(out)
          core.deliveries.open(unit, { messageId, chat: ref, queuedMs: startMs }, to)
          core.bodies.stage(unit, messageId, out.bytes, via.kind === 'sync' ? via.peers : [])
          ports.outbox.stage(unit, { messageId, chat: ref, queuedMs: startMs, via })
          const record = core.chatCache.chat(ref, unit)
          if (record === undefined) lastWithoutChat = out.local.clock
          if (record !== undefined && (out.ignoredLastClock === true || out.local.clock > record.lastClock)) {
            core.chatCache.putChat(unit, { ...record, lastClock: out.local.clock })
          }
          if (out.ignoredLastClock === true) tellFallback(unit, ref, out.local.clock)
          const sent: SendResult = { messageId, clock: out.local.clock, protection: shown }
          if (tag !== undefined) unit.put(core.keys.tag(tag), sent)
          release = ports.outbox.hold(messageId)
          await unit.commit()
          return sent
        })
        .catch(error => {
          release()
          throw error
        })
      core.background.run('outbox', async () => {
        await ports.beforeHandOver(ref).finally(release)
        await ports.outbox.pumpSoon()
      })
      return result
    }
  }
}
