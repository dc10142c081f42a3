import { equalBytes } from '@status-stack/crypto'
import { environmentError } from '@status-stack/rlpx/carrier'
import type { DiscoveryCore } from './core.ts'
import type { TableNode } from './table.ts'

/** How endpoints are proved. */
export interface Pings {
  /** Ping, and wait for the Pong that carries its hash; of one node only one at a time. */
  readonly ping: (node: TableNode) => Promise<void>
  /** The answer to the Ping of a node that has proved nothing: at most one Ping, within the budget of its address. */
  readonly prove: (node: TableNode) => Promise<void>
  /** Both directions of the endpoint proof, so that the node answers our FindNode. */
  readonly ensureBond: (node: TableNode) => Promise<void>
}

export function createPings(core: DiscoveryCore): Pings {
  const { bonds, replies, table, votes } = core
  // BOUNDED: `limits.pendingReplies`, for each entry waits for a reply.
  const pinging = new Map<string, { readonly udpPort: number; readonly done: Promise<void> }>()

  const startPing = async (node: TableNode, reflected: boolean): Promise<void> => {
    let hash: Uint8Array | undefined
    const send = (): void => {
      const { bytes, hash: sent } = core.encode({
        kind: 'ping',
        from: core.ownEndpoint(),
        to: node,
        expiration: core.expiration()
      })
      if (reflected && !bonds.addressProved(node.address) && !core.budget.take(node.address, bytes.length)) {
        throw environmentError('refused', 'discovery: the address has no endpoint proof, and its budget is used up')
      }
      hash = sent
      core.sendBytes(node, bytes)
    }
    await replies.wait(
      node,
      'pong',
      ({ pingHash, to }) => {
        if (hash === undefined || !equalBytes(pingHash, hash)) return 'ignore'
        const address = votes.stated(node.address, to.address)
        if (address !== undefined) core.onOwnAddress?.(address)
        return 'done'
      },
      send,
      reflected
    )
    bonds.pongReceived(node.peerId, node.address)
    table.verified(node)
  }

  const pingOnce = (node: TableNode, reflected: boolean): Promise<void> => {
    const key = `${node.peerId}@${node.address}`
    const running = pinging.get(key)
    // A key that is being proved is sent no second Ping, from whatever port its next one seems to come.
    if (running !== undefined && (reflected || running.udpPort === node.udpPort)) return running.done
    const entry = {
      udpPort: node.udpPort,
      done: startPing(node, reflected).finally(() => {
        if (pinging.get(key) === entry) pinging.delete(key)
      })
    }
    pinging.set(key, entry)
    return entry.done
  }
  const ping = (node: TableNode): Promise<void> => pingOnce(node, false)

  const ensureBond = async (node: TableNode): Promise<void> => {
    if (bonds.hasProved(node.peerId, node.address) && bonds.hasPinged(node.peerId, node.address)) return
    // A node that has not pinged us does not know us, or was kept from it: our Ping asks for its own, as in go-ethereum.
    await ping(node)
    if (bonds.hasPinged(node.peerId, node.address)) return
    // The other side pings us when it does not know us; without that it would not answer.
    await replies.wait(node, 'ping', () => 'done').catch(() => undefined)
  }

  return { ping, prove: node => pingOnce(node, true), ensureBond }
}
