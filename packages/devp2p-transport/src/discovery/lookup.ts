import { limits } from '../limits.ts'
import { compareDistance, type TableNode } from './table.ts'

export interface LookupParts {
  /** A node id, 32 bytes. */
  readonly target: Uint8Array
  readonly start: readonly TableNode[]
  readonly ownPeerId: string
  /** Nodes asked at the same time. */
  readonly parallel: number
  readonly query: (node: TableNode) => Promise<readonly TableNode[]>
  /** Asks nothing more once this holds. @default never */
  readonly isOver?: (() => boolean) | undefined
}

/**
 * Asks ever nearer nodes until the 16 nearest known have all been asked. SPEC: discovery v4, "Recursive Lookup".
 * Answers those that replied, nearest first. BOUNDED: 16 candidates at a time, each asked once.
 */
export async function lookup({
  target,
  start,
  ownPeerId,
  parallel,
  query,
  isOver = () => false
}: LookupParts): Promise<readonly TableNode[]> {
  const seen = new Set<string>([ownPeerId])
  const asked = new Set<string>()
  const alive: TableNode[] = []
  let nearest: TableNode[] = []
  const consider = (nodes: readonly TableNode[]): void => {
    for (const node of nodes) {
      if (seen.has(node.peerId)) continue
      seen.add(node.peerId)
      nearest.push(node)
    }
    nearest.sort((a, b) => compareDistance(target, a.nodeId, b.nodeId))
    nearest = nearest.slice(0, limits.bucketNodes)
  }
  consider(start)
  const worker = async (): Promise<void> => {
    for (;;) {
      if (isOver() || asked.size >= limits.lookupQueries) return
      const next = nearest.find(({ peerId }) => !asked.has(peerId))
      if (next === undefined) return
      asked.add(next.peerId)
      try {
        const found = await query(next)
        alive.push(next)
        consider(found)
      } catch {
        nearest = nearest.filter(({ peerId }) => peerId !== next.peerId)
      }
    }
  }
  // A worker that found nothing to ask ends; the others may still bring something, so a round is repeated until dry.
  for (let before = -1; before !== asked.size; ) {
    before = asked.size
    await Promise.all(Array.from({ length: parallel }, worker))
  }
  return alive.sort((a, b) => compareDistance(target, a.nodeId, b.nodeId)).slice(0, limits.bucketNodes)
}
