import type { Attack } from './attacks.ts'

/** What one run of an attack took. */
export interface Work {
  readonly cpuMs: number
  /** Turns of the event loop that others had meanwhile. */
  readonly turns: number
}

/** Counts turns of the event loop until it is stopped. */
function countTurns(): () => number {
  let turns = 0
  let going = true
  const turn = (): void => {
    turns += 1
    if (going) setImmediate(turn)
  }
  setImmediate(turn)
  return () => {
    going = false
    return turns
  }
}

/** Runs an attack once, with what it sends prepared before. */
export async function workOf<V>(victim: V, attack: Attack<V>, scale: number): Promise<Work> {
  const run = await attack.prepare(victim, scale)
  const stop = countTurns()
  const cpu = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(cpu)
  return { cpuMs: (user + system) / 1000, turns: stop() }
}

/** What doubling an attack does to its work, of the best of several rounds; and the turns that others had in its longer form. */
export async function growthOf<V>(
  victim: V,
  attack: Attack<V>,
  scale = 1,
  measure: typeof workOf = workOf
): Promise<{ readonly factor: number; readonly longer: Work }> {
  const [shorter, longer]: [Work[], Work[]] = [[], []]
  const best = (works: readonly Work[]): Work => works.reduce((a, b) => (b.cpuMs < a.cpuMs ? b : a))
  for (let round = 0; ; round++) {
    shorter.push(await measure(victim, attack, scale))
    longer.push(await measure(victim, attack, 2 * scale))
    const factor = best(longer).cpuMs / Math.max(least, best(shorter).cpuMs)
    if (factor <= most || round >= rounds) return { factor, longer: best(longer) }
  }
}

/** Times the work that twice the input may take. */
export const most = 3
/** Rounds after which a growth is taken for true: the collector of garbage or a compiler spoils one, not all. */
const rounds = 6
/** Work below this is start-up and noise, milliseconds. */
const least = 10
/** CPU time after which others must have had a turn, milliseconds: ten times the budget of a slice, for the garbage collector has turns of its own. */
export const turnMs = 100
