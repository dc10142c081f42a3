import { nodeIdOf } from '@status-stack/rlpx'
import { isLocal, networkKey } from '@status-stack/rlpx/carrier'
import { limits } from '../limits.ts'
import type { WireNode } from './packet.ts'

/** A node in the table, with its place in the key space. */
export interface TableNode extends WireNode {
  /** 32 bytes: Keccak-256 of X‖Y. */
  readonly nodeId: Uint8Array
  /** The id as 64 hex digits. */
  readonly peerId: string
}

/** The nodes we know to be alive, in buckets by distance. SPEC: discovery v4, "Kademlia Table"; limits as go-ethereum. */
export interface NodeTable {
  /** A node that has just proved its endpoint. Never displaces a live one; answers whether it is in a bucket. */
  readonly verified: (node: TableNode) => boolean
  /** The node did not answer: its place goes to a replacement. */
  readonly remove: (peerId: string) => void
  readonly has: (peerId: string) => boolean
  readonly get: (peerId: string) => TableNode | undefined
  /** Up to `count` nodes, nearest to `target` (a node id) first. */
  readonly closest: (target: Uint8Array, count: number) => readonly TableNode[]
  /** The node of a random bucket that was seen longest ago. `pick` answers a number from 0 to its argument − 1. */
  readonly stalest: (pick: (count: number) => number) => TableNode | undefined
  readonly size: () => number
  readonly nodes: () => readonly TableNode[]
}

interface Bucket {
  /** Most recently seen first. */
  entries: TableNode[]
  replacements: TableNode[]
}

/** Buckets: one for each distance of 240 … 256 bits, nearer nodes share the first. */
const bucketCount = 17
const nearestDistance = 239

/** A node with its id, from its key. */
export function tableNode(node: WireNode): TableNode {
  const nodeId = nodeIdOf(node.publicKey)
  let peerId = ''
  for (const byte of nodeId) peerId += byte.toString(16).padStart(2, '0')
  return { ...node, nodeId, peerId }
}

/** Position of the highest bit in which two ids differ, 1 … 256; 0 for equal ids. */
export function logDistance(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) ^ (b[i] ?? 0)
    if (difference !== 0) return (a.length - i) * 8 - Math.clz32(difference) + 24
  }
  return 0
}

/** Negative when `a` is nearer to `target` than `b`. */
export function compareDistance(target: Uint8Array, a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < target.length; i++) {
    const byte = target[i] ?? 0
    const difference = ((a[i] ?? 0) ^ byte) - ((b[i] ?? 0) ^ byte)
    if (difference !== 0) return difference
  }
  return 0
}

function countNetwork(nodes: readonly TableNode[], key: string): number {
  let count = 0
  for (const { address } of nodes) if (networkKey(address) === key) count++
  return count
}

/** An empty table around our own node id. */
export function createNodeTable(ownId: Uint8Array): NodeTable {
  // BOUNDED: 17 buckets of `limits.bucketNodes` and `limits.bucketReplacements`; per network by the limits below.
  const buckets: Bucket[] = Array.from({ length: bucketCount }, () => ({ entries: [], replacements: [] }))
  const bucketOf = (nodeId: Uint8Array): Bucket | undefined =>
    buckets[Math.max(logDistance(ownId, nodeId) - nearestDistance - 1, 0)]
  const find = (peerId: string): { bucket: Bucket; index: number } | undefined => {
    for (const bucket of buckets) {
      const index = bucket.entries.findIndex(entry => entry.peerId === peerId)
      if (index >= 0) return { bucket, index }
    }
    return undefined
  }
  const all = (): TableNode[] => buckets.flatMap(({ entries }) => entries)
  const mayJoin = (bucket: Bucket, node: TableNode): boolean => {
    // SPEC: an eclipse needs many networks, not many keys: 2 of a /24 in a bucket, 10 in the table.
    if (isLocal(node.address)) return true
    const key = networkKey(node.address)
    const everywhere = buckets.flatMap(({ entries, replacements }) => [...entries, ...replacements])
    return (
      countNetwork([...bucket.entries, ...bucket.replacements], key) < limits.bucketNetwork &&
      countNetwork(everywhere, key) < limits.tableNetwork
    )
  }

  return {
    verified: node => {
      if (logDistance(ownId, node.nodeId) === 0) return false
      const known = find(node.peerId)
      const bucket = known?.bucket ?? bucketOf(node.nodeId)
      if (bucket === undefined) return false
      if (known !== undefined) {
        const before = bucket.entries[known.index]
        bucket.entries.splice(known.index, 1)
        if (before?.address !== node.address && !mayJoin(bucket, node)) {
          // Moved to a network that is full: the old place is no longer true either.
          return false
        }
        bucket.entries.unshift(node)
        return true
      }
      bucket.replacements = bucket.replacements.filter(({ peerId }) => peerId !== node.peerId)
      if (!mayJoin(bucket, node)) return false
      if (bucket.entries.length < limits.bucketNodes) {
        bucket.entries.unshift(node)
        return true
      }
      bucket.replacements.unshift(node)
      bucket.replacements.splice(limits.bucketReplacements)
      return false
    },
    remove: peerId => {
      for (const bucket of buckets) bucket.replacements = bucket.replacements.filter(other => other.peerId !== peerId)
      const known = find(peerId)
      if (known === undefined) return
      known.bucket.entries.splice(known.index, 1)
      const replacement = known.bucket.replacements.shift()
      if (replacement !== undefined) known.bucket.entries.push(replacement)
    },
    has: peerId => find(peerId) !== undefined,
    get: peerId => {
      const known = find(peerId)
      return known?.bucket.entries[known.index]
    },
    closest: (target, count) =>
      all()
        .sort((a, b) => compareDistance(target, a.nodeId, b.nodeId))
        .slice(0, count),
    stalest: pick => {
      const filled = buckets.filter(({ entries }) => entries.length > 0)
      return filled.length === 0 ? undefined : filled[pick(filled.length)]?.entries.at(-1)
    },
    size: () => all().length,
    nodes: all
  }
}
