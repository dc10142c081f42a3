import { type Host, TransportError } from '@status-stack/devp2p-transport'
import type { Emitter } from '@status-stack/utils'
import { checkHost } from './arguments.ts'
import { readNode } from './bootnodes.node.ts'
import { check, optionError } from './errors.ts'
import type { PeerEvents } from './events.ts'

/**
 * Tells when a peer comes and goes; of a named peer that stays away, only the first failed dial.
 * @returns the peer ids of those that stay away now
 *
 * @example
 * ```ts
 * const away = watchPeers(host, { emit: (event, fact) => console.log(event, fact.peerId) })
 * ```
 */
export function watchPeers(host: Host, { emit }: Pick<Emitter<PeerEvents>, 'emit'>): ReadonlySet<string> {
  // BOUNDED: named peers only; what discovery finds is tried and left, without a word and without an entry.
  const unreachable = new Set<string>()
  host.on('peerconnected', ({ peerId, remoteAddress: address, remotePort: port }) => {
    unreachable.delete(peerId)
    emit('peerconnected', { peerId, address, port })
  })
  host.on('peerdisconnected', ({ peerId, ending, flags, ...peer }) => {
    const reason = ending.reason ?? ending.failure ?? 'closed'
    const address = hostAndPort(peer.remoteAddress, peer.remotePort)
    emit('peerdisconnected', { peerId, address, by: ending.by, reason, static: flags.static })
  })
  host.on('dialfailed', fact => {
    const { peerId, host: name, port, code, system, theirs, nextAtMs } = fact
    if (nextAtMs === undefined || unreachable.has(peerId)) return
    unreachable.add(peerId)
    emit('peerunreachable', {
      peerId,
      address: hostAndPort(name, port),
      code,
      ...(system === undefined ? {} : { system }),
      ...(theirs === undefined ? {} : { theirs })
    })
  })
  return unreachable
}

/**
 * Keeps a peer connected for ever: an enode URL, or a `ws://` or `wss://` URL of a host that dials those. @throws RelayError `invalid-argument`, `enode`, `self`, `net-restrict`
 *
 * @example
 * ```ts
 * addPeer(relay.host, 'enode://…@192.0.2.7:30303')
 * ```
 */
export function addPeer(host: Host, enode: string): void {
  checkHost(host)
  check.text('enode', enode)
  // What cannot be read is told apart from what the host does not take.
  readNode(enode, 'a peer')
  try {
    host.addStatic(enode)
  } catch (error) {
    if (TransportError.is(error) && error.code === 'refused')
      throw optionError('net-restrict', `peer ${nameOf(enode)}… is outside the networks of net_restrict`, {
        peer: nameOf(enode)
      })
    if (TransportError.is(error) && error.code === 'invalid-argument')
      throw optionError('self', 'a peer is this node itself')
    if (TransportError.is(error) && error.code === 'invalid-text')
      throw optionError('enode', `not an address that this host dials: ${enode.slice(0, 40)}…`)
    throw error
  }
}

/** An IPv6 address stands in brackets. */
const hostAndPort = (host: string, port: number): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`

/** The first digits of the key in an address. */
const nameOf = (address: string): string => address.replace(/^[a-z]+:\/\//, '').slice(0, 8)
