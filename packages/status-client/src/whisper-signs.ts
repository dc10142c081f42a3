import type { Whisper } from '@status-stack/whisper'
import type { ClockSignPorts, ClockSigns } from './clock-signs.ts'

/** What the signs about our clock are weighed against, from Whisper's counters: no event per envelope is needed. */
export function clockSignPorts(whisper: Pick<Whisper, 'counters' | 'peers'>): ClockSignPorts {
  return {
    totals: () => {
      const { events } = whisper.counters()
      return { received: events.envelopereceived, taken: events.envelopeacknowledged }
    },
    connectedPeers: () => whisper.peers().length
  }
}

/**
 * Hears of envelopes that were refused for their time, on either side. A peer's error entry has one code for every reason, so it
 * counts only where most of our envelopes are refused.
 */
export function watchClockSigns(events: Whisper['events'], signs: ClockSigns): void {
  events.addEventListener('enveloperefused', ({ detail: { peerId, reason } }) => {
    if (reason === 'from-future') signs.note(peerId, 'from-future')
    if (reason === 'very-old' || reason === 'expired') signs.note(peerId, 'expired')
  })
  events.addEventListener('enveloperejected', ({ detail: { peerId } }) => signs.note(peerId, 'rejected'))
}
