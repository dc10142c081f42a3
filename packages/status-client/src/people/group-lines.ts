import type { GroupEvent, SystemMessage } from '@status-stack/interface'
import { timeSlicer } from '@status-stack/utils'
import type { Core } from '../composition/core.ts'
import { keyOfHex, messageIdOf, publicKeyHex } from '../ids.ts'
import { limits } from '../limits.ts'
import type { Unit } from '../storage/stores/store.ts'
import type { ChatRef } from '../types.ts'

/** The lines that a group's events have in its chat. */
export interface GroupLines {
  /** Stages the lines of new events; what is too many for one batch follows by itself, in batches of its own. */
  readonly stage: (unit: Unit, id: string, added: readonly GroupEvent[]) => Promise<void>
  /** Settles when the lines that follow a unit are stored and told; at once when none do. Not to be awaited under the lock of the chats. */
  readonly settled: (unit: Unit) => Promise<void>
  /** Stores the lines that a crash kept from following. `events`: those of a group that count. */
  readonly resume: (events: (id: string) => Promise<readonly GroupEvent[]>) => Promise<void>
}

/** Stages one line, unless it is there or was removed. `told` is called when listeners have heard of it. */
async function stageLine(
  core: Core,
  unit: Unit,
  chat: ChatRef,
  line: SystemMessage,
  told: () => void
): Promise<boolean> {
  const { chatCache, messages, data } = core
  const messageId = messageIdOf(line.messageId)
  const record = chatCache.chat(chat, unit)
  const nowMs = core.clock.nowMs()
  const removed = record !== undefined && data.clocks.isRemoved(line.clock, record, nowMs)
  if (removed || (await messages.has(messageId, unit))) return false
  const stored = await messages.add(unit, {
    messageId,
    chat,
    author: keyOfHex(line.author),
    outgoing: line.author === publicKeyHex(core.self),
    text: line.text,
    content: { kind: 'system', event: line.event },
    clock: line.clock,
    timestampMs: line.clock,
    storedMs: nowMs,
    protection: 'public',
    source: 'local'
  })
  unit.after(() =>
    core.announce('message', async () => {
      try {
        core.emit('message', await messages.view(stored))
      } finally {
        told()
      }
    })
  )
  return true
}

/**
 * An update may bring a thousand events, and their lines cost some hundred milliseconds: others get the chats after each
 * `limits.linesPerBatch`. Until the last one is stored a record says that there are more: an event has its line although the process ends
 * in between.
 */
export function createGroupLines(core: Core): GroupLines {
  const { chatCache, data } = core
  // BOUNDED: one for each unit in progress
  const following = new WeakMap<Unit, Promise<void>>()
  /** Units of a group whose lines are not complete: the last of them takes the record away. BOUNDED: as `following` */
  const open = new Map<string, number>()

  /** `told` settles when listeners have heard of all that was staged. */
  const stageLines = async (
    unit: Unit,
    chat: ChatRef,
    lines: readonly SystemMessage[]
  ): Promise<{ readonly told: Promise<unknown> }> => {
    const telling: Promise<void>[] = []
    for (const line of lines) {
      let told = (): void => {}
      const hasTold = new Promise<void>(resolve => {
        told = resolve
      })
      if (await stageLine(core, unit, chat, line, told)) telling.push(hasTold)
      await timeSlicer.yielded()
    }
    return { told: Promise.all(telling) }
  }

  const follow = async (id: string, lines: readonly SystemMessage[]): Promise<void> => {
    const chat: ChatRef = { kind: 'group', id }
    try {
      for (let start = 0; start < lines.length; start += limits.linesPerBatch) {
        const { told } = await core.state.run(async () => {
          const unit = core.store.unit()
          // Dropped meanwhile: its lines would be a chat's that is no more.
          const batch = chatCache.chat(chat) === undefined ? [] : lines.slice(start, start + limits.linesPerBatch)
          const staged = await stageLines(unit, chat, batch)
          await unit.commit()
          return staged
        })
        // Listeners hear of others' messages in between.
        await told
      }
    } finally {
      const left = (open.get(id) ?? 1) - 1
      if (left > 0) open.set(id, left)
      else open.delete(id)
    }
    if (open.has(id)) return
    const unit = core.store.unit()
    unit.delete(core.keys.lines(id))
    await unit.commit()
  }

  const begin = (id: string, lines: readonly SystemMessage[]): Promise<void> => {
    open.set(id, (open.get(id) ?? 0) + 1)
    const done = follow(id, lines)
    core.background.run('group lines', () => done)
    return done.catch(() => undefined)
  }

  return {
    stage: async (unit, id, added) => {
      const lines = data.groups.lines(added)
      await stageLines(unit, { kind: 'group', id }, lines.slice(0, limits.linesPerBatch))
      const rest = lines.slice(limits.linesPerBatch)
      if (rest.length === 0) return
      unit.put(core.keys.lines(id), { id })
      unit.after(() => void following.set(unit, begin(id, rest)))
    },
    settled: async unit => {
      await following.get(unit)
    },
    resume: async events => {
      for await (const { value } of core.store.range<{ readonly id: string }>(core.keys.all('lines'))) {
        void begin(value.id, data.groups.lines(await events(value.id)))
      }
    }
  }
}
