import { peerError } from '../errors.ts'
import { createAcceptGate } from '../peers/accept-gate.ts'
import type { ByteStream } from '../ports.ts'
import type { HostContext } from './context.ts'
import type { HostSessions } from './sessions.ts'

/** What happens to a connection that arrives: judged by its address, then by how many are pending. */
export function createAcceptor(context: HostContext, sessions: HostSessions): (stream: ByteStream) => void {
  const { bans, clock, counters, events, options, status, table } = context
  const gate = createAcceptGate(clock, options, bans)
  return stream => {
    const { remoteAddress } = stream
    counters.accepted++
    const reason = status.phase === 'running' ? gate.refusal(remoteAddress) : 'stopped'
    if (reason !== undefined) {
      stream.destroy(reason)
      events.refused(reason, 'accept', { direction: 'inbound', remoteAddress })
      return
    }
    if (table.pendingInbound() >= options.maxPendingInbound) {
      const oldest = table.oldestOfBusiestAddress()
      if (oldest !== undefined) {
        sessions.noteRefusal(oldest, 'pending-limit')
        oldest.abort(peerError('refused', 'too many pending connections'))
      }
    }
    sessions.begin(stream, undefined)
  }
}
