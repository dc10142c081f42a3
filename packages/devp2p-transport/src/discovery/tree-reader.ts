import { peerError } from '@status-stack/rlpx/carrier'
import { createBoundedMap } from '@status-stack/utils'
import { limits } from '../limits.ts'
import type { Clock } from '../ports.ts'
import { parseTreeEntry, parseTreeRoot, type TreeEntry, type TreeLocation, type TreeRoot } from './dns-tree.ts'
import type { TxtQuery } from './txt-queries.ts'

/** One node list, and how far it has been read. */
export interface Tree {
  readonly location: TreeLocation
  root: TreeRoot | undefined
  checkedAtMs: number | undefined
  /** Entries still to be asked for. */
  open: { readonly name: string; readonly subtree: 'records' | 'links' }[]
  visited: Set<string>
}

/** A list of which nothing has been read. */
export const createTree = (location: TreeLocation): Tree => ({
  location,
  root: undefined,
  checkedAtMs: undefined,
  open: [],
  visited: new Set()
})

/** From the root again; what is cached costs no query. */
export function restart(tree: Tree): void {
  if (tree.root === undefined) return
  const { recordsHash, linksHash } = tree.root
  tree.visited = new Set([recordsHash, linksHash])
  tree.open = [
    { name: recordsHash, subtree: 'records' },
    { name: linksHash, subtree: 'links' }
  ]
}

/** Reads roots and entries of node lists. */
export interface TreeReader {
  /** Reads the root unless it is taken as current, and starts again where it is a new one. */
  readonly checkRoot: (tree: Tree, signal: AbortSignal | undefined) => Promise<void>
  readonly entry: (
    tree: Tree,
    name: string,
    subtree: 'records' | 'links',
    signal: AbortSignal | undefined
  ) => Promise<TreeEntry>
}

/** `recheckMs`: how long a root is taken as current. */
export function createTreeReader(query: TxtQuery, clock: Clock, recheckMs: number): TreeReader {
  // BOUNDED: `limits.treeCache`.
  const cache = createBoundedMap<string, TreeEntry>({ maxEntries: limits.treeCache })
  return {
    checkRoot: async (tree, signal) => {
      const now = clock.nowMs()
      if (tree.checkedAtMs !== undefined && now - tree.checkedAtMs < recheckMs) return
      const texts = await query(tree.location.domain, signal)
      const text = texts.find(candidate => candidate.startsWith('enrtree-root:'))
      if (text === undefined) throw peerError('malformed', 'node list: no root')
      const root = parseTreeRoot(text, tree.location.publicKey)
      const before = tree.root
      if (before !== undefined && root.seq < before.seq) {
        throw peerError('malformed', 'node list: an older root than before', { seq: root.seq, before: before.seq })
      }
      tree.checkedAtMs = now
      tree.root = root
      if (root.seq !== before?.seq) restart(tree)
    },
    entry: async (tree, name, subtree, signal) => {
      const key = `${name}.${tree.location.domain}`
      const cached = cache.get(key)
      if (cached !== undefined) return cached
      let last: unknown = peerError('malformed', 'node list: no entry')
      for (const text of await query(key, signal)) {
        try {
          const entry = parseTreeEntry(name, text, subtree)
          cache.set(key, entry)
          return entry
        } catch (error) {
          last = error
        }
      }
      throw last
    }
  }
}
