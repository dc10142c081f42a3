import { type ReadonlySignal, signal } from '@preact/signals'
import type { ChatRef, Client } from '@status-stack/status-client'
import { createTask, historyFailed, type Task } from './problem.ts'

/** What the mailservers are being asked for. */
export interface HistoryState {
  readonly state: 'idle' | 'asking' | 'done' | 'failed'
  /** Messages that the last request brought. */
  readonly deliveries: number
}

/** Messages that were sent while the page was closed. */
export interface History {
  /** Whether there is a mailserver to ask. */
  readonly possible: boolean
  readonly state: ReadonlySignal<HistoryState>
  readonly task: Task
  /** Asks for what one conversation missed, so many seconds back; the server learns of no other. */
  readonly fetch: (chat: ChatRef, seconds: number) => Promise<boolean>
  readonly stop: () => void
}

export function createHistory(
  client: Pick<Client, 'on' | 'fetchHistory'>,
  mailservers: readonly string[],
  nowMs: () => number = Date.now
): History {
  const state = signal<HistoryState>({ state: 'idle', deliveries: 0 })
  const task = createTask()
  const stop = client.on('history', fact => {
    const going = fact.state === 'started' || fact.state === 'page'
    state.value = {
      state: going ? 'asking' : fact.state === 'done' ? 'done' : 'failed',
      deliveries: fact.deliveries
    }
    // Nobody may have asked: the messenger does at its start, and again when it failed.
    task.problem.value = state.value.state === 'failed' ? historyFailed : undefined
  })
  return {
    possible: mailservers.length > 0,
    state,
    task,
    fetch: (chat, seconds) =>
      task.run(() => client.fetchHistory({ chats: [chat], fromSeconds: Math.floor(nowMs() / 1000) - seconds })),
    stop
  }
}
