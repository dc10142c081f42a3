import { equalBytes, isPublicKey } from '@status-stack/crypto'
import { environmentError, isLocal, isLoopback, isSpecial } from '@status-stack/rlpx/carrier'
import { createBoundedMap } from '@status-stack/utils'
import { limits } from '../limits.ts'
import type { DiscoveryCore } from './core.ts'
import { decodeRecord, type NodeRecord } from './enr.ts'
import type { WireNode } from './packet.ts'
import { createPings, type Pings } from './pings.ts'
import { type TableNode, tableNode } from './table.ts'

/** What we ask other nodes. */
export interface Queries extends Pings {
  readonly findNode: (node: TableNode, target: Uint8Array) => Promise<readonly TableNode[]>
  readonly requestRecord: (node: TableNode) => Promise<NodeRecord>
  /** Whether a node that `sender` names may be asked and passed on. */
  readonly usable: (sender: string, node: WireNode) => boolean
}

const maxFindFailures = 5

export function createQueries(core: DiscoveryCore): Queries {
  const { replies, table } = core
  const pings = createPings(core)
  const findFailures = createBoundedMap<string, number>({ maxEntries: limits.bonds })

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
    await pings.ensureBond(node)
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
    ...pings,
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
      await pings.ensureBond(node)
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
