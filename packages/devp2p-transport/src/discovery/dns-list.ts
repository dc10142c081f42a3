import { bytesToHex } from '@status-stack/crypto'
import { TransportError } from '@status-stack/rlpx'
import {
  check,
  checkPositive,
  environmentError,
  peerError,
  systemClock,
  systemRandom,
  systemScheduler,
  throwIfAborted
} from '@status-stack/rlpx/carrier'
import { createBoundedMap, delay, type TimeSlicer, timeSlicer } from '@status-stack/utils'
import { limits } from '../limits.ts'
import type { Clock, Random, Scheduler, TxtResolver } from '../ports.ts'
import {
  parseTreeEntry,
  parseTreeRoot,
  parseTreeUrl,
  type TreeEntry,
  type TreeLocation,
  type TreeRoot
} from './dns-tree.ts'
import type { NodeRecord } from './enr.ts'
import { ownResolver } from './resolver.node.ts'

/** Collaborators of a node list. */
export interface DnsListDeps {
  /** Asks for the entries, which are TXT records. @default a resolver of our own with the system's servers; process-wide settings stay as they are */
  readonly resolver?: TxtResolver | undefined
  /** How old a root is. @default the system clock */
  readonly clock?: Clock | undefined
  /** Spaces queries and ends those that take too long. @default setTimeout, never keeping the process alive */
  readonly scheduler?: Scheduler | undefined
  /** Used where there is no `scheduler`. @deprecated the earlier name of `scheduler` */
  readonly timers?: Scheduler | undefined
  /** Chooses the entries that are asked for. @default the operating system's generator */
  readonly random?: Random | undefined
  /** Divides long walks over cached entries into turns. @default the one that all packages share */
  readonly slicer?: TimeSlicer | undefined
}

/** Values of a node list, all optional. */
export interface DnsListOptions {
  /** Limit of one query. @default 5 000 */
  readonly timeoutMs?: number | undefined
  /** How long a root is taken as current. @default 1 800 000 */
  readonly recheckMs?: number | undefined
  /** Most queries, of all lists together; 0.001 to 1000. @default 3 */
  readonly queriesPerSecond?: number | undefined
}

/** Nodes from EIP-1459 lists, a few at a time, in random order. */
export interface DnsList {
  /** Up to `count` records; fewer when the lists are exhausted for now. A list that fails is skipped until asked again. */
  readonly find: (count: number, options?: { signal?: AbortSignal }) => Promise<readonly NodeRecord[]>
  /** What went wrong last, by domain. */
  readonly failures: () => ReadonlyMap<string, TransportError>
}

interface Tree {
  readonly location: TreeLocation
  root: TreeRoot | undefined
  checkedAtMs: number | undefined
  /** Entries still to be asked for. */
  open: { readonly name: string; readonly subtree: 'records' | 'links' }[]
  visited: Set<string>
}

/**
 * Reads the lists at these URLs and those they link to. @throws TransportError `invalid-text` for a bad URL
 *
 * @example
 * ```ts
 * const list = createDnsList(['enrtree://AKA3AM6LPBYEUDMVNU3BSVQJ5AD45Y7YPOHJLEF6W26QOE4VTUDPE@nodes.example.org'])
 * for (const record of await list.find(10)) console.log(recordEndpoint(record)?.host)
 * ```
 */
export function createDnsList(urls: readonly string[], deps: DnsListDeps = {}, options: DnsListOptions = {}): DnsList {
  const { clock = systemClock, scheduler = deps.timers ?? systemScheduler, random = systemRandom } = deps
  const { resolver = ownResolver(), slicer = timeSlicer } = deps
  check.array('urls', urls)
  check.object('options', options)
  checkPositive(options, ['timeoutMs', 'recheckMs'])
  if (options.queriesPerSecond !== undefined) check.number('queriesPerSecond', options.queriesPerSecond, 0.001, 1000)
  const { timeoutMs = 5_000, recheckMs = 30 * 60_000, queriesPerSecond = 3 } = options
  // BOUNDED: `limits.trees` lists, `limits.treeEntries` names of each and `limits.treeNames` of all, `limits.treeCache` entries.
  const trees = new Map<string, Tree>()
  const cache = createBoundedMap<string, TreeEntry>({ maxEntries: limits.treeCache })
  const failures = new Map<string, TransportError>()
  let nextQueryMs = 0
  const keyOf = ({ domain, publicKey }: TreeLocation): string => `${bytesToHex(publicKey)}@${domain}`
  const addTree = (location: TreeLocation): void => {
    const key = keyOf(location)
    if (trees.has(key) || trees.size >= limits.trees) return
    trees.set(key, { location, root: undefined, checkedAtMs: undefined, open: [], visited: new Set() })
  }
  for (const url of urls) addTree(parseTreeUrl(url))

  const query = async (name: string, signal: AbortSignal | undefined): Promise<readonly string[]> => {
    const now = clock.nowMs()
    const at = Math.max(now, nextQueryMs)
    nextQueryMs = at + 1000 / queriesPerSecond
    if (at > now) await delay(scheduler, at - now, signal)
    throwIfAborted(signal)
    const controller = new AbortController()
    const abort = (): void => controller.abort(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    let cancel = (): void => undefined
    const expired = new Promise<never>((_resolve, reject) => {
      cancel = scheduler.after(timeoutMs, () => {
        controller.abort()
        reject(environmentError('timeout', 'node list: no answer in time'))
      })
    })
    try {
      const records = await Promise.race([resolver.txt(name, { signal: controller.signal }), expired])
      return records.slice(0, limits.txtRecords).map(strings => strings.join(''))
    } catch (cause) {
      if (TransportError.is(cause)) throw cause
      throw environmentError('network', 'node list: the query failed', {}, cause)
    } finally {
      cancel()
      signal?.removeEventListener('abort', abort)
    }
  }

  const checkRoot = async (tree: Tree, signal: AbortSignal | undefined): Promise<void> => {
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
  }

  /** From the root again; what is cached costs no query. */
  const restart = (tree: Tree): void => {
    if (tree.root === undefined) return
    const { recordsHash, linksHash } = tree.root
    tree.visited = new Set([recordsHash, linksHash])
    tree.open = [
      { name: recordsHash, subtree: 'records' },
      { name: linksHash, subtree: 'links' }
    ]
  }

  const fetchEntry = async (
    tree: Tree,
    name: string,
    subtree: 'records' | 'links',
    signal?: AbortSignal
  ): Promise<TreeEntry> => {
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

  const names = (): number => {
    let sum = 0
    for (const { visited } of trees.values()) sum += visited.size
    return sum
  }

  const pick = (count: number): number => {
    const [a = 0, b = 0, c = 0] = random.bytes(3)
    return ((a << 16) | (b << 8) | c) % count
  }

  /** One entry of one tree; answers a record if it was one. */
  const step = async (tree: Tree, signal: AbortSignal | undefined): Promise<NodeRecord | undefined> => {
    await checkRoot(tree, signal)
    const [next] = tree.open.splice(pick(Math.max(tree.open.length, 1)), 1)
    if (next === undefined) return undefined
    const entry = await fetchEntry(tree, next.name, next.subtree, signal)
    if (entry.kind === 'record') return entry.record
    if (entry.kind === 'link') addTree(entry.location)
    else {
      for (const name of entry.children) {
        // A name seen before is a loop or a diamond: once is enough.
        if (tree.visited.has(name) || tree.visited.size >= limits.treeEntries || names() >= limits.treeNames) continue
        tree.visited.add(name)
        tree.open.push({ name, subtree: next.subtree })
      }
    }
    return undefined
  }

  return {
    failures: () => failures,
    find: async (count, { signal } = {}) => {
      check.integer('count', count, 0, Number.MAX_SAFE_INTEGER)
      const found: NodeRecord[] = []
      const skipped = new Set<Tree>()
      for (const tree of trees.values()) if (tree.open.length === 0) restart(tree)
      for (let steps = 0; found.length < count && steps < limits.treeSteps; steps++) {
        throwIfAborted(signal)
        const candidates = [...trees.values()].filter(tree => !skipped.has(tree))
        const tree = candidates[candidates.length === 0 ? 0 : pick(candidates.length)]
        if (tree === undefined) break
        try {
          const pause = slicer.yielded(signal)
          if (pause !== undefined) await pause
          const record = await step(tree, signal)
          if (record !== undefined) found.push(record)
          failures.delete(tree.location.domain)
          if (tree.open.length === 0) skipped.add(tree)
        } catch (error) {
          throwIfAborted(signal)
          failures.set(
            tree.location.domain,
            TransportError.is(error) ? error : environmentError('network', 'node list: failed')
          )
          // One bad entry spoils itself; a list without root, or a resolver that is away, waits for the next call.
          if (tree.checkedAtMs === undefined || (TransportError.is(error) && error.origin === 'environment'))
            skipped.add(tree)
          else if (tree.open.length === 0) skipped.add(tree)
        }
      }
      return found
    }
  }
}
