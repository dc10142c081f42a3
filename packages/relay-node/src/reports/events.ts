import { counted, type Emitter, printable, rootCodeOf, shortId } from '@status-stack/utils'
import { atStage, whyEnded, whyUnreachable } from '../connection-words.ts'
import type { PeerEvents, RelayEvents } from '../events.ts'
import type { Report, Tell } from './report.ts'

/** What is known of an error: a stable code, and a sentence. */
export type Describe = (error: unknown) => { readonly code: string; readonly message: string }

const teller =
  (tell: Tell, audience: Report['audience']) =>
  (event: Report['event'], text: string): void =>
    tell({ event, text, audience })

/**
 * Says when a peer comes and goes; of a named peer that stays away, only the first failed dial.
 *
 * @example
 * ```ts
 * reportPeers(relay, ({ text }) => console.log(text))
 * ```
 */
export function reportPeers({ on }: Pick<Emitter<PeerEvents>, 'on'>, tell: Tell): void {
  const connection = teller(tell, 'connections')
  const program = teller(tell, 'programs')
  const note = teller(tell, 'everybody')
  on('peerconnected', ({ peerId, address, port }) =>
    connection(
      { event: 'peer', state: 'connected', peerId, address: `${address}:${port}` },
      `· connected to ${address}:${port} (${shortId(peerId)})`
    )
  )
  on('peerdisconnected', ({ peerId, address, by, reason, static: named }) => {
    const say = by === 'us' ? program : connection
    const again = named ? '; trying again until it is back' : ''
    say(
      { event: 'peer', state: 'disconnected', peerId, address, by, reason },
      `· connection to ${address} lost: ${whyEnded(reason)}${again}`
    )
  })
  on('peerunreachable', ({ peerId, address, code, system, theirs }) => {
    const facts = { ...(system === undefined ? {} : { system }), ...(theirs === undefined ? {} : { theirs }) }
    note(
      { event: 'peer', state: 'unreachable', peerId, address, code, ...facts },
      theirs === undefined
        ? `· cannot reach ${address}: ${whyUnreachable(code, system)}; trying again until it answers`
        : `· no shared protocol with ${address}: it speaks ${theirs || 'none that is known here'}; see --privacy`
    )
  })
}

/**
 * Says where peers are looked for.
 *
 * @example
 * ```ts
 * reportDiscovery(relay, ({ text }) => console.log(text))
 * ```
 */
export function reportDiscovery(
  { on }: Pick<Emitter<Pick<RelayEvents, 'discoverystarted' | 'bootnodeunresolved'>>, 'on'>,
  tell: Tell
): void {
  const note = teller(tell, 'everybody')
  on('bootnodeunresolved', ({ enode }) =>
    note(
      { event: 'bootnode', state: 'unresolved', enode },
      `· the name of bootnode ${enode.slice(8, 16)}… cannot be resolved`
    )
  )
  on('discoverystarted', ({ address, port, bootnodes }) =>
    note(
      { event: 'discovery', address, port, bootnodes },
      `· looking for peers from ${counted(bootnodes, 'bootnode')} on; UDP port ${port}`
    )
  )
}

const servedNames = { rpc: 'API', metrics: 'metrics', websocket: 'peers over WebSocket' } as const

/**
 * Says what a relay does, but for its archive.
 *
 * @example
 * ```ts
 * reportRelay(relay, ({ text }) => console.log(text))
 * ```
 */
export function reportRelay(relay: Pick<Emitter<RelayEvents>, 'on'>, tell: Tell): void {
  const { on } = relay
  const note = teller(tell, 'everybody')
  reportPeers(relay, tell)
  reportDiscovery(relay, tell)
  on('connectionrefused', ({ reason, stage, direction, address, theirs }) => {
    const why =
      theirs === undefined ? whyEnded(reason) : `no shared protocol, it speaks ${theirs || 'none that is known here'}`
    note(
      {
        event: 'refused-connection',
        reason,
        stage,
        direction,
        address,
        ...(theirs === undefined ? {} : { theirs })
      },
      `· connection ${direction === 'inbound' ? 'from' : 'to'} ${address} closed ${atStage(stage)}: ${why}`
    )
  })
  on('addresschanged', ({ address, enode }) =>
    note(
      { event: 'address', address: address ?? null, enode },
      address === undefined ? '· our public address is no longer known' : `· reachable as ${enode}`
    )
  )
  on('portmappingunused', () =>
    note({ event: 'nat', state: 'unused' }, '· no port is mapped: only this machine can reach a loopback address')
  )
  on('portmappingfailed', ({ message }) => note({ event: 'nat', state: 'failed' }, `· ${message}`))
  on('serving', ({ what, url }) => note({ event: 'serving', what, url }, `· ${servedNames[what]} at ${url}`))
}

/**
 * Says what an archive does: everything for a program, refusals and losses for people, the rest for those who asked.
 *
 * @example
 * ```ts
 * reportArchive(
 *   relay,
 *   ({ text }) => console.log(text),
 *   error => ({ code: 'unexpected', message: String(error) })
 * )
 * ```
 */
export function reportArchive({ on }: Pick<Emitter<RelayEvents>, 'on'>, tell: Tell, describe: Describe): void {
  const note = teller(tell, 'everybody')
  const detail = teller(tell, 'details')
  on('archived', ({ envelopes, bytes, source }) =>
    detail({ event: 'archived', envelopes, bytes, source }, `· archived ${counted(envelopes, 'envelope')}, ${bytes} B`)
  )
  for (const [served, refused, kind] of [
    ['requestserved', 'requestrefused', 'history'],
    ['syncserved', 'syncrefused', 'sync']
  ] as const) {
    on(served, ({ peerId, envelopes, bytes, more }) =>
      detail(
        { event: 'served', kind, peerId, envelopes, bytes, more },
        `· ${counted(envelopes, 'envelope')} for ${shortId(peerId)}${more ? ', more to come' : ''}`
      )
    )
    on(refused, ({ peerId, error }) =>
      note(
        { event: 'request-refused', kind, peerId, reason: error },
        `· request of ${shortId(peerId)} refused: ${printable(error)}`
      )
    )
  }
  on('cleaned', ({ envelopes }) =>
    detail({ event: 'cleaned', envelopes }, `· deleted ${counted(envelopes, 'old envelope')}`)
  )
  on('cleaningfailed', ({ envelopes }) =>
    note({ event: 'cleaning-failed', envelopes }, '✗ old envelopes could not be deleted; the next pass tries again')
  )
  on('archivefailed', ({ envelopes, error }) => {
    const code = rootCodeOf(error) ?? 'unexpected'
    note(
      { event: 'archive-failed', envelopes, code },
      `✗ ${counted(envelopes, 'envelope')} could not be archived, and will be tried again: ${printable(describe(error).message)}`
    )
  })
  on('archivegivenup', ({ envelopes }) =>
    note({ event: 'archive-given-up', envelopes }, `✗ gave up archiving ${counted(envelopes, 'envelope')}`)
  )
  reportArchiveSync({ on }, tell, describe)
}

function reportArchiveSync({ on }: Pick<Emitter<RelayEvents>, 'on'>, tell: Tell, describe: Describe): void {
  const note = teller(tell, 'everybody')
  on('archivesyncstarted', ({ source, fromSeconds }) =>
    note({ event: 'sync', state: 'started', source, fromSeconds }, `· syncing with mailserver ${shortId(source)}`)
  )
  on('archivesyncdone', ({ source, envelopes, pages }) =>
    note(
      { event: 'sync', state: 'done', source, envelopes, pages },
      `· ${envelopes} envelopes came from mailserver ${shortId(source)}`
    )
  )
  on('archivesyncfailed', ({ source, error }) => {
    const { code, message } = describe(error)
    note(
      { event: 'sync', state: 'failed', source, code, message },
      `· the sync with mailserver ${shortId(source)} failed: ${printable(message)}; again when it is back`
    )
  })
}
