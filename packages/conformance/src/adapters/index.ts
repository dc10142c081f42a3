import type { Adapter } from '../runner/adapter.ts'
import { statusTopics } from './status-topics.ts'
import { whisperEnvelope } from './whisper-envelope.ts'

/** Adapters to the packages of this stack, one per vector file. */
export const adapters: readonly Adapter[] = Object.freeze([whisperEnvelope, statusTopics])
