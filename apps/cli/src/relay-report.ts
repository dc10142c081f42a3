import type { PeerEvents, RelayEvents } from '@status-stack/relay-node'
import { atStage, whyEnded, whyUnreachable } from '@status-stack/relay-node/words'
import { counted, type Emitter, rootCodeOf, shortId } from '@status-stack/utils'
import { describeError } from './errors.ts'
import { type JsonEvent, type Output, printable } from './output.ts'

/** Says when a peer comes and goes; of a named peer that stays away, only the first failed dial. */
export function reportPeers(
  { on }: Pick<Emitter<PeerEvents>, 'on'>,
  output: Output,
  { brief = false }: { readonly brief?: boolean | undefined } = {}
): void {
  // People who send one message are told what became of it, not of the connections that it took.
  const detail = (event: JsonEvent, text: string): void => {
    if (brief && !output.json) output.verbose(text)
    else output.note(event, text)
  }
  on('peerconnected', ({ peerId, address, port }) =>
    detail(
      { event: 'peer', state: 'connected', peerId, address: `${address}:${port}` },
      `· connected to ${address}:${port} (${shortId(peerId)})`
    )
  )
  on('peerdisconnected', ({ peerId, address, by, reason, static: named }) => {
    if (by === 'us' && !output.json) return
    const again = named ? '; trying again until it is back' : ''
    detail(
      { event: 'peer', state: 'disconnected', peerId, address, by, reason },
      `· connection to ${address} lost: ${whyEnded(reason)}${again}`
    )
  })
  on('peerunreachable', ({ peerId, address, code, system, theirs }) => {
    const facts = { ...(system === undefined ? {} : { system }), ...(theirs === undefined ? {} : { theirs }) }
    output.note(
      { event: 'peer', state: 'unreachable', peerId, address, code, ...facts },
      theirs === undefined
        ? `· cannot reach ${address}: ${whyUnreachable(code, system)}; trying again until it answers`
        : `· no shared protocol with ${address}: it speaks ${theirs || 'none that is known here'}; see --privacy`
    )
  })
}

/** Says where peers are looked for. */
export function reportDiscovery(
  { on }: Pick<Emitter<Pick<RelayEvents, 'discoverystarted' | 'bootnodeunresolved'>>, 'on'>,
  output: Output
): void {
  on('bootnodeunresolved', ({ enode }) =>
    output.note(
      { event: 'bootnode', state: 'unresolved', enode },
      `· the name of bootnode ${enode.slice(8, 16)}… cannot be resolved`
    )
  )
  on('discoverystarted', ({ address, port, bootnodes }) =>
    output.note(
      { event: 'discovery', address, port, bootnodes },
      `· looking for peers from ${counted(bootnodes, 'bootnode')} on; UDP port ${port}`
    )
  )
}

const servedNames = { rpc: 'API', metrics: 'metrics', websocket: 'peers over WebSocket' } as const

/** Says what a relay does, but for its archive. */
export function reportRelay(relay: Pick<Emitter<RelayEvents>, 'on'>, output: Output): void {
  const { on } = relay
  reportPeers(relay, output)
  reportDiscovery(relay, output)
  on('connectionrefused', ({ reason, stage, direction, address, theirs }) => {
    const why =
      theirs === undefined ? whyEnded(reason) : `no shared protocol, it speaks ${theirs || 'none that is known here'}`
    output.note(
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
    output.note(
      { event: 'address', address: address ?? null, enode },
      address === undefined ? '· our public address is no longer known' : `· reachable as ${enode}`
    )
  )
  on('portmappingunused', () =>
    output.note(
      { event: 'nat', state: 'unused' },
      '· no port is mapped: only this machine can reach a loopback address'
    )
  )
  on('portmappingfailed', ({ message }) => output.note({ event: 'nat', state: 'failed' }, `· ${message}`))
  on('serving', ({ what, url }) => output.note({ event: 'serving', what, url }, `· ${servedNames[what]} at ${url}`))
}

/** Says what an archive does: everything for a program, refusals and losses for people, the rest for those who asked. */
export function reportArchive({ on }: Pick<Emitter<RelayEvents>, 'on'>, output: Output): void {
  const detail = (event: JsonEvent, text: string): void => {
    if (output.json) output.note(event, text)
    else output.verbose(text)
  }
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
      output.note(
        { event: 'request-refused', kind, peerId, reason: error },
        `· request of ${shortId(peerId)} refused: ${printable(error)}`
      )
    )
  }
  on('cleaned', ({ envelopes }) =>
    detail({ event: 'cleaned', envelopes }, `· deleted ${counted(envelopes, 'old envelope')}`)
  )
  on('cleaningfailed', ({ envelopes }) =>
    output.note(
      { event: 'cleaning-failed', envelopes },
      '✗ old envelopes could not be deleted; the next pass tries again'
    )
  )
  on('archivefailed', ({ envelopes, error }) => {
    const code = rootCodeOf(error) ?? 'unexpected'
    output.note(
      { event: 'archive-failed', envelopes, code },
      `✗ ${counted(envelopes, 'envelope')} could not be archived, and will be tried again: ${printable(describeError(error).message)}`
    )
  })
  on('archivegivenup', ({ envelopes }) =>
    output.note({ event: 'archive-given-up', envelopes }, `✗ gave up archiving ${counted(envelopes, 'envelope')}`)
  )
  reportArchiveSync({ on }, output)
}

function reportArchiveSync({ on }: Pick<Emitter<RelayEvents>, 'on'>, output: Output): void {
  on('archivesyncstarted', ({ source, fromSeconds }) =>
    output.note(
      { event: 'sync', state: 'started', source, fromSeconds },
      `· syncing with mailserver ${shortId(source)}`
    )
  )
  on('archivesyncdone', ({ source, envelopes, pages }) =>
    output.note(
      { event: 'sync', state: 'done', source, envelopes, pages },
      `· ${envelopes} envelopes came from mailserver ${shortId(source)}`
    )
  )
  on('archivesyncfailed', ({ source, error }) => {
    const { code, message } = describeError(error)
    output.note(
      { event: 'sync', state: 'failed', source, code, message },
      `· the sync with mailserver ${shortId(source)} failed: ${printable(message)}; again when it is back`
    )
  })
}
