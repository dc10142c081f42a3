import type { Adapter } from '../runner/adapter.ts'
import { accounts } from './accounts.ts'
import { doubleratchet } from './doubleratchet.ts'
import { fullStack } from './full-stack.ts'
import { mvds } from './mvds.ts'
import { payloads } from './payloads.ts'
import { protocolMessage } from './protocol-message.ts'
import { rlpx } from './rlpx.ts'
import { statusTopics } from './status-topics.ts'
import { waku } from './waku.ts'
import { whisperEnvelope } from './whisper-envelope.ts'
import { whisperMisc } from './whisper-misc.ts'
import { x3dh } from './x3dh.ts'

/** Adapters to the packages of this stack, one per vector file. */
export const adapters: readonly Adapter[] = Object.freeze([
  rlpx,
  whisperEnvelope,
  whisperMisc,
  waku,
  statusTopics,
  x3dh,
  doubleratchet,
  protocolMessage,
  mvds,
  payloads,
  accounts,
  fullStack
])
