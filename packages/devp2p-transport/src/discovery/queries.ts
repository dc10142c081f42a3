import { equalBytes, isPublicKey } from '@status-stack/crypto'
import { environmentError, isLocal, isLoopback, isSpecial } from '@status-stack/rlpx/carrier'
import { createBoundedMap } from '@status-stack/utils'
import { limits } from '../limits.ts'
import type { DiscoveryCore } from './core.ts'
import { decodeRecord, type NodeRecord } from './enr.ts'
import type { WireNode } from './packet.ts'
import { type TableNode, tableNode } from './table.ts'

/** What we ask other nodes. */
export interface Queries {
  /** Ping, and wait for the Pong that carries its hash; of one node only one at a time. */
  readonly ping: (node: TableNode) => Promise<void>
  /** The answer to the Ping of a node that has proved nothing: at most one Ping, within the budget of its address. */
  readonly prove: (node: TableNode) => Promise<void>
  readonly findNode: (node: TableNode, target: Uint8Array) => Promise<readonly TableNode[]>
  /** Both directions of the endpoint proof, so that the node answers our FindNode. */
  readonly ensureBond: (node: TableNode) => Promise<void>
  readonly requestRecord: (node: TableNode) => Promise<NodeRecord>
  /** Whether a node that `sender` names may be asked and passed on. */
  readonly usable: (sender: string, node: WireNode) => boolean
}

const maxFindFailures = 5

export function createQueries(core: DiscoveryCore): Queries {
  const { bonds, replies, table, votes } = core
  // BOUNDED: `limits.pendingReplies`, for each entry waits for a reply.
  const pinging = new Map<string, { readonly udpPort: number; readonly done: Promise<void> }>()
  const findFailures = createBoundedMap<string, number>({ maxEntries: limits.bonds })

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
        throw environmentError('refused', 'discovery: the address has proved nothing and was sent enough')
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
      send
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

  const usable = (sender: string, node: WireNode): boolean => {
    if (node.udpPort <= 1024 || isSpecial(node.address) || core.restrict?.contains(node.address) === false) return false
    if (isLoopback(node.address)) return isLoopback(sender)
    return !isLocal(node.address) || isLocal(sender)
  }

  const failed = (node: TableNode): void => {
    const failures = (findFailures.get(node.peerId) ?? 0) + 1
    if (failures > maxFindFailures || !table.has(node.peerId)) findFailures.delete(node.peerId)
    else findFailures.set(node.peerId, failures)
    if (failures > maxFindFailures) table.remove(node.peerId)
  }

  const ask = async (node: TableNode, target: Uint8Array): Promise<readonly TableNode[]> => {
    await ensureBond(node)
    const found: TableNode[] = []
    let received = 0
    let packets = 0
    const answered = replies.wait(
      node,
      'neighbors',
      ({ nodes, skipped = 0 }) => {
        packets++
        received += nodes.length + skipped
        for (const entry of nodes) {
          if (found.length >= limits.neighborsPerReply) break
          if (usable(node.address, entry) && isPublicKey(entry.publicKey)) found.push(tableNode(entry))
        }
        return received >= limits.neighborsPerReply ? 'done' : 'more'
      },
      () => core.send(node, { kind: 'find-node', target, expiration: core.expiration() })
    )
    // Fewer than 16 come from a small network: what has come by the deadline counts. Who knows nobody but us sends none
    // and is alive all the same: the first two nodes of a network find each other.
    await answered.catch(error => {
      if (packets === 0) throw error
    })
    return found
  }

  return {
    ping,
    prove: node => pingOnce(node, true),
    ensureBond,
    usable,
    findNode: async (node, target) => {
      try {
        const found = await ask(node, target)
        findFailures.delete(node.peerId)
        return found
      } catch (error) {
        // What ends because we stop says nothing about the node.
        if (core.link.socket !== undefined) failed(node)
        throw error
      }
    },
    requestRecord: async node => {
      await ensureBond(node)
      let hash: Uint8Array | undefined
      let record: NodeRecord | undefined
      await replies.wait(
        node,
        'enr-response',
        content => {
          if (hash === undefined || !equalBytes(content.requestHash, hash)) return 'ignore'
          try {
            const decoded = decodeRecord(content.record)
            if (!equalBytes(decoded.nodeId, node.nodeId)) return 'ignore'
            record = decoded
            return 'done'
          } catch {
            return 'ignore'
          }
        },
        () => {
          hash = core.send(node, { kind: 'enr-request', expiration: core.expiration() })
        }
      )
      if (record === undefined) throw environmentError('timeout', 'discovery: no record')
      return record
    }
  }
}
