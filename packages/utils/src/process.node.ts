/**
 * Whose file is it, and is that process still there: for what a process leaves behind when it is killed.
 *
 * @packageDocumentation
 */

import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { kill, pid as ownPid } from 'node:process'
import { rootCodeOf } from './system-errors.ts'

/** Milliseconds after which what a process elsewhere has left unchanged counts as left behind: it may be on a machine that cannot be asked. */
const elsewhereMs = 30 * 86_400_000

/** Where a process runs: its id means something only there. */
interface Place {
  /** Of the start of the system. */
  readonly boot: string
  /** Of the processes that see each other: a container has its own. */
  readonly space: string
  readonly host: string
  /** Whether no other machine has this host: then a system with another boot is the same one, started anew. */
  readonly hostIsOne: boolean
}

const none = '0'.repeat(8)

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, none.length)

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

const readText = (path: string): string | undefined => attempt(() => readFileSync(path, 'latin1').trim()) || undefined

let known: Place | undefined

function here(): Place {
  if (known !== undefined) return known
  const boot = readText('/proc/sys/kernel/random/boot_id')
  const space = attempt(() => readlinkSync('/proc/self/ns/pid'))
  const machine = readText('/etc/machine-id')
  known = {
    boot: boot === undefined ? none : digest(boot),
    space: space === undefined ? none : digest(space),
    host: digest(`${machine ?? ''}\n${hostname()}`),
    hostIsOne: machine !== undefined
  }
  return known
}

/** When a process began, in a unit of this system; undefined for one that has ended, or where the system does not say. */
function startOf(pid: number): string | undefined {
  const stat = readText(`/proc/${pid}/stat`)
  // Its name may hold anything; the state stands behind it, and the start 19 words further on.
  const [state, ...words] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? []
  if (state !== undefined) return /[ZXx]/.test(state) ? undefined : words[18]
  return pid === ownPid ? String(Math.round(performance.timeOrigin)) : undefined
}

/**
 * Names a process among all that may see the same files: those before it with the same id, those of other containers, and those of other machines.
 * Digits, letters and dashes: it can be part of a file's name.
 *
 * @param pid - of this process without
 * @example
 * ```ts
 * import { processMark } from '@status-stack/utils/process'
 *
 * const draft = `settings.json.${processMark()}.new`
 * ```
 */
export function processMark(pid: number = ownPid): string {
  const { boot, space, host } = here()
  return `${pid}-${startOf(pid) ?? 0}-${boot}${space}${host}`
}

/**
 * What became of the process of a mark. `unknown` where it cannot be told from here: the process is in another container or on another machine,
 * or the mark is none.
 *
 * @example
 * ```ts
 * import { processFate, processMark } from '@status-stack/utils/process'
 *
 * processFate(processMark()) // 'runs'
 * ```
 */
export function processFate(mark: string): 'runs' | 'ended' | 'unknown' {
  const parts = /^(\d{1,10})-(\d{1,20})-([0-9a-f]{8})([0-9a-f]{8})([0-9a-f]{8})$/.exec(mark)
  if (parts === null) return 'unknown'
  const [, pid = '', start = '', boot, space, host] = parts
  const place = here()
  const sameSystem = boot === place.boot && (boot !== none || host === place.host)
  if (!sameSystem) return host === place.host && place.hostIsOne ? 'ended' : 'unknown'
  // An id in another container is another process, or none, here.
  if (space !== place.space) return 'unknown'
  if (!isRunning(Number(pid))) return 'ended'
  const found = startOf(Number(pid))
  if (found === undefined) return isZombie(Number(pid)) ? 'ended' : 'unknown'
  return found === start ? 'runs' : 'ended'
}

/** Ended, and not waited for by who has started it: it still has an id. */
const isZombie = (pid: number): boolean => /\) [ZXx] /.test(readText(`/proc/${pid}/stat`) ?? '')

function isRunning(pid: number): boolean {
  try {
    return kill(pid, 0)
  } catch (error) {
    return rootCodeOf(error) !== 'ESRCH'
  }
}

/**
 * Whether something is left over: its process has ended, or cannot be asked and has not changed it for 30 days. A process
 * that keeps something longer changes it from time to time.
 *
 * @param mark - of the process that has made it
 * @param changedMs - when it was changed last, Unix milliseconds
 * @example
 * ```ts
 * import { isLeftover } from '@status-stack/utils/process'
 *
 * const old = isLeftover('12', Date.now()) // false: that is no mark, and who has made it cannot be told
 * ```
 */
export function isLeftover(mark: string, changedMs: number, nowMs: number = Date.now()): boolean {
  const fate = processFate(mark)
  return fate === 'ended' || (fate === 'unknown' && nowMs - changedMs > elsewhereMs)
}
