import {
  type Content,
  type Chat as DataChat,
  type DataLayer,
  isStackError,
  type Outgoing,
  type SecurityLayer
} from '@status-stack/interface'
import { type Core, hasOtherDevices, policyFor } from '../composition/core.ts'
import { type ClientError, type ClientErrorCode, callerError } from '../errors.ts'
import type { RefusedMessage } from '../receiving/apply-result.ts'
import type { OutboxRecord } from '../storage/records.ts'
import type { ChatRef, PublicKey, ShownProtection } from '../types.ts'

/** What is sent where. */
export interface SendInput {
  readonly chat: DataChat
  /** Whose clock it takes and advances. */
  readonly ref: ChatRef
  readonly content: Content
  /** The caller's own id: stored with the message, and looked up under the same lock. */
  readonly tag?: string | undefined
}

/** A message that was made, and nothing of it staged yet. */
export interface Made {
  readonly out: Outgoing
  readonly startMs: number
  readonly shown: ShownProtection
  readonly via: OutboxRecord['via']
  readonly to: readonly (PublicKey | undefined)[]
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
  'target-author': 'only the author of a message can change it',
  'text-blank': 'there is no text',
  'text-too-long': 'the text is too long',
  'image-too-large': 'the image is too large',
  'audio-too-large': 'the sound is too large'
}

/** What our own rules say of a message of ours, for its caller. */
export function refusal(outcome: RefusedMessage): ClientError {
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
    words[reason] ?? `the message was refused: ${reason}`,
    { reason }
  )
}

/** Makes messages and says whom they are for; nothing is stored. */
export function createMessageMaker(core: Core, sealer: Pick<SecurityLayer, 'devices'>) {
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
    const copies = out.ownCopies && (await hasOtherDevices(core, sealer)) ? [core.self] : []
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
      const devices = await sealer.devices(person)
      if (!devices.some(device => device.targeted)) weakest = 'static-key'
    }
    return weakest
  }

  const make: DataLayer['outgoing'] = (chat, content, context) => {
    try {
      return core.data.outgoing(chat, content, context)
    } catch (error) {
      throw fromData(error)
    }
  }

  return async ({ chat, content }: Pick<SendInput, 'chat' | 'content'>, lastClock: number): Promise<Made> => {
    const startMs = core.clock.nowMs()
    const out = make(chat, content, {
      identity: core.identity,
      nowMs: startMs,
      lastClock,
      ensName: core.profile().ensName
    })
    return { out, startMs, shown: await expected(out), ...(await audiencesOf(out)) }
  }
}
