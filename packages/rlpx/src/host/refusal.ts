import type { DisconnectReason } from '../p2p/reasons.ts'
import type { SessionStage } from '../session/session.ts'
import type { Ending, RefusalReason } from './types.ts'

const refusalByReason: Partial<Record<DisconnectReason, RefusalReason>> = {
  'useless-peer': 'useless-peer',
  'invalid-identity': 'invalid-identity',
  'unexpected-identity': 'unexpected-identity',
  'client-quitting': 'stopped'
}

/** Why a connection that ended in that way, at that stage, did not become a peer. */
export function refusalOf(ending: Ending, stage: SessionStage): RefusalReason {
  if (ending.by === 'peer') return 'refused-by-peer'
  if (ending.by === 'us') {
    const { reason } = ending
    return (reason === undefined || reason === 'unknown' ? undefined : refusalByReason[reason]) ?? 'stopped'
  }
  if (ending.failure === 'timeout') return 'handshake-timeout'
  if (ending.failure === 'network') return 'network'
  return stage === 'hello' ? 'bad-hello' : 'bad-handshake'
}
