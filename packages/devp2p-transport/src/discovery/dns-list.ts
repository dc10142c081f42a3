import { bytesToHex } from '@status-stack/crypto'
import { TransportError } from '@status-stack/rlpx'
import {
  check,
  checkPositive,
  environmentError,
  systemClock,
  systemRandom,
  systemScheduler,
  throwIfAborted
} from '@status-stack/rlpx/carrier'
import { steadyClock, type TimeSlicer, timeSlicer } from '@status-stack/utils'
import { limits } from '../limits.ts'
import type { Clock, Random, Scheduler, TxtResolver } from '../ports.ts'
import { parseTreeUrl, type TreeLocation } from './dns-tree.ts'
import type { NodeRecord } from './enr.ts'
import { ownResolver } from './resolver.node.ts'
import { createTree, createTreeReader, restart, type Tree } from './tree-reader.ts'
import { createTxtQueries } from './txt-queries.ts'

/** Collaborators of a node list. */
export interface DnsListDeps {
  /** Asks for the entries, which are TXT records. @default a resolver of our own with the system's servers; process-wide settings stay as they are */
  readonly resolver?: TxtResolver | undefined
  /** How old a root is. @default the system clock */
  readonly clock?: Clock | undefined
  /** Spaces queries and ends those that take too long. @default setTimeout, never keeping the process alive */
  readonly scheduler?: Scheduler | undefined
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
  readonly find: (count: number, options?: { signal?: AbortSignal | undefined }) => Promise<readonly NodeRecord[]>
  /** What went wrong last, by domain. */
  readonly failures: () => ReadonlyMap<string, TransportError>
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
  check.array('urls', urls)
  check.object('deps', deps)
  check.ports(deps, { clock: ['nowMs'], scheduler: ['after'], random: ['bytes'], slicer: ['yielded'] })
  check.options('options', options, ['timeoutMs', 'recheckMs', 'queriesPerSecond'])
  const { scheduler = systemScheduler, random = systemRandom } = deps
  const clock = steadyClock(deps.clock ?? systemClock)
  const { resolver = ownResolver(), slicer = timeSlicer } = deps
  checkPositive(options, ['timeoutMs', 'recheckMs'])
  if (options.queriesPerSecond !== undefined) check.number('queriesPerSecond', options.queriesPerSecond, 0.001, 1000)
  const { timeoutMs = 5_000, recheckMs = 30 * 60_000, queriesPerSecond = 3 } = options
  // BOUNDED: `limits.trees` lists, `limits.treeEntries` names of each and `limits.treeNames` of all.
  const trees = new Map<string, Tree>()
  const failures = new Map<string, TransportError>()
  const keyOf = ({ domain, publicKey }: TreeLocation): string => `${bytesToHex(publicKey)}@${domain}`
  const addTree = (location: TreeLocation): void => {
    const key = keyOf(location)
    if (trees.has(key) || trees.size >= limits.trees) return
    trees.set(key, createTree(location))
  }
  for (const url of urls) addTree(parseTreeUrl(url))

  const query = createTxtQueries({ resolver, clock, scheduler }, { timeoutMs, queriesPerSecond })
  const reader = createTreeReader(query, clock, recheckMs)

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
    await reader.checkRoot(tree, signal)
    const [next] = tree.open.splice(pick(Math.max(tree.open.length, 1)), 1)
    if (next === undefined) return undefined
    const entry = await reader.entry(tree, next.name, next.subtree, signal)
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
