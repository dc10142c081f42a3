import type { Content, SecurityLayer } from '@status-stack/interface'
import { timeSlicer } from '@status-stack/utils'
import type { Core } from '../composition/core.ts'
import { callerError } from '../errors.ts'
import { chatTagOf, messageIdOf } from '../ids.ts'
import type { SendResult } from '../message-types.ts'
import type { Apply } from '../receiving/apply.ts'
import type { RefusedMessage } from '../receiving/apply-result.ts'
import { isTransaction, withOwnChat } from '../receiving/payment-requests.ts'
import type { Unit } from '../storage/stores/store.ts'
import type { ChatRef } from '../types.ts'
import { createMessageMaker, type Made, refusal, type SendInput } from './make-message.ts'
import type { Outbox } from './outbox.ts'
import { createSendQueue, type Queued } from './send-queue.ts'

export interface MessageSenderPorts {
  readonly apply: Apply
  readonly outbox: Outbox
  readonly sealer: Pick<SecurityLayer, 'devices'>
  /** Listens where the answer will come, and looks for the contact code of a person never written to. */
  readonly beforeHandOver: (ref: ChatRef) => Promise<void>
}

export interface MessageSender {
  /**
   * Makes a message, stores it with its ledger and its place in the outbox in one batch, then hands it over. Calls that come while one is
   * being stored share the next batch, with a turn for each chat; those of one chat keep their order.
   * @throws ClientError what our own rules refuse; nothing is stored then
   */
  readonly send: (input: SendInput) => Promise<SendResult>
}

/** A call of `send` that waits. */
interface Waiting extends Queued {
  readonly input: SendInput
  readonly resolve: (result: SendResult) => void
  readonly reject: (error: unknown) => void
  /** Its caller was told that it failed. */
  failed: boolean
}

function fail(waiting: Waiting, error: unknown): undefined {
  waiting.failed = true
  waiting.reject(error)
}

function bytesOf(content: Content): number {
  if (content.kind === 'image') return content.image.length
  return content.kind === 'audio' ? content.audio.length : 0
}

/** Whether the bytes are the same whomever they are for. */
const namesNoChat = (content: Content): boolean => content.kind === 'contact-update' || isTransaction(content)

/** Messages of one chat that may go on their way once what the chat needs for that is there. */
interface Ready {
  readonly ref: ChatRef
  readonly releases: (() => void)[]
}

/** A message with its place in the batch. */
interface Staged {
  readonly waiting: Waiting
  readonly sent: SendResult
  /** False where the same tag was sent before. */
  readonly isNew: boolean
}

/** Stages some messages, in their order; those that are refused are told. What fails without being refused is of no use any more. */
function createStaging(core: Core, ports: MessageSenderPorts) {
  const make = createMessageMaker(core, ports.sealer)

  const tellFallback = (unit: Unit, chat: ChatRef, lastClock: number, clock: number): void => {
    unit.after(() => {
      core.log.warn('the last clock of a chat was ahead of what readers accept', { lastClock, clock })
      core.emit('notice', { kind: 'clock-fallback', chat, lastClock, clock })
    })
  }

  /** The last clock of what was sent where there is no chat yet to remember it: profiles, and what own devices are told. */
  let lastWithoutChat = 0
  /**
   * The last clock of what names no chat: said to two people with one clock it would be one message, with one ledger and one body. Our other devices
   * take the later profile for the newer one, so that comes after the profile, whichever of our clocks is behind.
   */
  let lastUnnamed = 0

  const lastClockOf = (unit: Unit, { ref, content }: SendInput): number => {
    const ofChat = core.chatCache.chat(ref, unit)?.lastClock ?? lastWithoutChat
    if (!namesNoChat(content)) return ofChat
    const { profileClock } = core.profile()
    // One that was set while our clock was far ahead says nothing: no reader accepts what comes after it.
    const isBehind = content.kind === 'contact-update' && core.data.clocks.isPossible(profileClock, core.clock.nowMs())
    return Math.max(ofChat, lastUnnamed, isBehind ? profileClock - 1 : 0)
  }

  /** Stages a message with all that belongs to it; what is refused leaves nothing behind. */
  const stage = async (
    unit: Unit,
    { ref, tag, content }: SendInput,
    made: Made
  ): Promise<SendResult | RefusedMessage> => {
    const { out, startMs, shown, via, to } = made
    const messageId = messageIdOf(out.messageId)
    const clockBefore = core.chatCache.chat(ref, unit)?.lastClock ?? 0
    const circumstances = { shown, source: 'local', old: false } as const
    const outcome = await ports.apply.apply(unit, withOwnChat(out.local, ref, core), circumstances)
    if (outcome.kind === 'refused') return outcome
    const ends = via.kind === 'sync' && core.options.sync
    core.deliveries.open(unit, { messageId, chat: ref, queuedMs: startMs, ends }, to)
    core.bodies.stage(unit, messageId, out.bytes, via.kind === 'sync' ? via.peers : [])
    ports.outbox.stage(unit, { messageId, chat: ref, queuedMs: startMs, via })
    const { clock } = out.local
    const record = core.chatCache.chat(ref, unit)
    if (namesNoChat(content)) lastUnnamed = clock
    if (record === undefined) lastWithoutChat = clock
    else if (out.ignoredLastClock === true || clock > record.lastClock)
      core.chatCache.putChat(unit, { ...record, lastClock: clock })
    if (out.ignoredLastClock === true) tellFallback(unit, ref, clockBefore, clock)
    const sent: SendResult = { messageId, clock, protection: shown }
    if (tag !== undefined) unit.put(core.keys.tag(tag), sent)
    return sent
  }

  return async (unit: Unit, batch: readonly Waiting[]): Promise<readonly Staged[]> => {
    const staged: Staged[] = []
    for (const waiting of batch) {
      const { input } = waiting
      const before = input.tag === undefined ? undefined : await unit.get<SendResult>(core.keys.tag(input.tag))
      if (before !== undefined) {
        staged.push({ waiting, sent: before, isNew: false })
        continue
      }
      const made = await make(input, lastClockOf(unit, input)).catch(error => fail(waiting, error))
      if (made === undefined) continue
      const sent = await stage(unit, input, made)
      if ('kind' in sent) fail(waiting, refusal(sent))
      else staged.push({ waiting, sent, isNew: true })
      await timeSlicer.yielded()
    }
    return staged
  }
}

export function createMessageSender(core: Core, ports: MessageSenderPorts): MessageSender {
  const stageAll = createStaging(core, ports)

  /** Lets messages that are on the disk go on their way, once what each chat needs for that is there. */
  const handOver = (letGo: ReadonlyMap<string, Ready>): void => {
    for (const { ref, releases } of letGo.values()) {
      core.background.run('outbox', async () => {
        await ports.beforeHandOver(ref).finally(() => {
          for (const release of releases) release()
        })
        await ports.outbox.pumpSoon()
      })
    }
  }

  const commit = async (unit: Unit, staged: readonly Staged[]): Promise<void> => {
    const letGo = new Map<string, Ready>()
    for (const { waiting, sent, isNew } of staged) {
      if (!isNew) continue
      const { ref } = waiting.input
      const { releases } = letGo.get(waiting.chat) ?? { releases: [] as Ready['releases'] }
      releases.push(ports.outbox.hold(sent.messageId))
      letGo.set(waiting.chat, { ref, releases })
    }
    try {
      await unit.commit()
    } catch (error) {
      for (const { releases } of letGo.values()) for (const release of releases) release()
      for (const { waiting } of staged) fail(waiting, error)
      return
    }
    for (const { waiting, sent } of staged) waiting.resolve(sent)
    handOver(letGo)
  }

  const store = async (batch: readonly Waiting[]): Promise<void> => {
    const unit = core.store.unit()
    try {
      await commit(unit, await stageAll(unit, batch))
    } catch (error) {
      // Half of it is staged, so that none of it may be stored. Each alone, only the one that fails does.
      const [only, ...others] = batch.filter(({ failed }) => !failed)
      if (only === undefined) return
      if (others.length === 0) fail(only, error)
      else for (const each of [only, ...others]) await store([each])
    }
  }

  const queue = createSendQueue<Waiting>()
  let isStoring = false

  const storeWaiting = async (): Promise<void> => {
    // What is sent in one go shares the first batch, too.
    await undefined
    while (!queue.isEmpty()) {
      await core.state.run(async () => {
        const batch = queue.take()
        // Of a flood of calls that wait for their turn, none holds up a stop.
        const stopped = callerError('stopped', 'client: it was stopped')
        if (core.stopping.aborted) for (const each of batch) fail(each, stopped)
        else await store(batch)
      })
    }
    isStoring = false
  }

  return {
    send: input =>
      new Promise((resolve, reject) => {
        queue.push({ input, chat: chatTagOf(input.ref), bytes: bytesOf(input.content), resolve, reject, failed: false })
        if (isStoring) return
        isStoring = true
        core.background.run('send', storeWaiting)
      })
  }
}
