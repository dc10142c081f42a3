import { type ReadonlySignal, signal } from '@preact/signals'
import { createInspector, type Inspection as Found, type KnownIdentity } from '@status-stack/inspector'
import type { Client, TraceFact } from '@status-stack/status-client'
import { PageError } from '../errors.ts'
import { limits } from '../limits.ts'
import type { Recorded, Recorder } from '../session/recorder.ts'
import { createTask, type Task } from './problem.ts'

/** A step of a layer with a message of the page. */
export interface TraceLine extends TraceFact {
  readonly id: number
}

/** The inspector as the page shows it. */
export interface Inspection {
  readonly found: ReadonlySignal<Found | undefined>
  readonly task: Task
  /** What the layers of the page did, latest first, while it records. */
  readonly trace: ReadonlySignal<readonly TraceLine[]>
  /** The page's own packets; absent without an account. */
  readonly recorder: Recorder | undefined
  readonly inspectText: (text: string) => Promise<boolean>
  readonly inspectBytes: (bytes: Uint8Array) => Promise<boolean>
  readonly inspectRecorded: (packet: Recorded) => Promise<boolean>
  readonly record: (on: boolean) => void
  readonly stop: () => void
}

export interface InspectionDeps {
  readonly identities: readonly KnownIdentity[]
  /** Names of public chats: their keys follow from them. */
  readonly chats: () => readonly string[]
  readonly recorder?: Recorder
  readonly client?: Pick<Client, 'on'>
}

/** Bytes as they are pasted: hex with or without `0x`, spaces and colons, or base64. @throws PageError `not-bytes`, `too-large` */
export function bytesIn(text: string): Uint8Array {
  if (text.length > limits.inspectedCharacters) throw tooLarge()
  const plain = text.replace(/[\s:,]+/g, '').replace(/^0x/i, '')
  if (plain === '') throw new PageError('not-bytes', 'there is nothing to take apart')
  if (/^([0-9a-f]{2})+$/i.test(plain)) {
    return checkSize(Uint8Array.from(plain.match(/../g) ?? [], pair => Number.parseInt(pair, 16)))
  }
  try {
    return checkSize(Uint8Array.from(atob(plain.replaceAll('-', '+').replaceAll('_', '/')), one => one.charCodeAt(0)))
  } catch (error) {
    if (PageError.is(error)) throw error
    throw new PageError('not-bytes', 'these are neither hex digits nor base64')
  }
}

const tooLarge = (): PageError =>
  new PageError('too-large', `at most ${limits.inspectedBytes >> 20} MiB are taken apart`)

function checkSize(bytes: Uint8Array): Uint8Array {
  if (bytes.length > limits.inspectedBytes) throw tooLarge()
  return bytes
}

export function createInspection({ identities, chats, recorder, client }: InspectionDeps): Inspection {
  const found = signal<Found | undefined>(undefined)
  const trace = signal<readonly TraceLine[]>([])
  const task = createTask()
  let next = 1
  let endTrace = (): void => {}

  const inspect = async (bytes: Uint8Array, kind?: 'packet'): Promise<void> => {
    // One for each blob: which chats are joined changes, and nothing is to be learnt from bytes that anybody pasted.
    const inspector = createInspector({
      keys: { identities, chats: chats(), symmetric: recorder?.places() ?? [] },
      clock: { nowMs: Date.now },
      opened: bytes => recorder?.opened(bytes)
    })
    found.value = await inspector.inspect(checkSize(bytes), kind)
  }

  const record = (on: boolean): void => {
    endTrace()
    endTrace = () => {}
    if (!on) {
      recorder?.stop()
      trace.value = []
      return
    }
    recorder?.start()
    endTrace =
      client?.on('trace', fact => {
        // BOUNDED: limits.recordedEntries
        trace.value = [{ ...fact, id: next++ }, ...trace.value].slice(0, limits.recordedEntries)
      }) ?? endTrace
  }

  return {
    found,
    task,
    trace,
    recorder,
    inspectText: text => task.run(async () => inspect(bytesIn(text))),
    inspectBytes: bytes => task.run(() => inspect(bytes)),
    inspectRecorded: packet => task.run(() => inspect(packet.bytes, 'packet')),
    record,
    stop: () => record(false)
  }
}
