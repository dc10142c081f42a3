import { SimulatorError } from './errors.ts'
import { limits } from './limits.ts'

const turn = (): Promise<void> =>
  new Promise(resolve => {
    if (typeof setImmediate === 'function') setImmediate(resolve)
    else setTimeout(resolve, 0)
  })

/** What nodes wait for without help: turns that were given away. Work in threads is not listed; it is handed to `offThread`. */
const waiting = 'Immediate'

/** Turns on platforms that do not say what is under way. */
const blindTurns = 16

type Inspect = () => readonly string[]

function inspector(): Inspect | undefined {
  const { process } = globalThis as { readonly process?: { readonly getActiveResourcesInfo?: Inspect } }
  return process?.getActiveResourcesInfo?.bind(process)
}

/**
 * Lets everything run that can without time passing: promises, turns that were given away, and work in threads.
 *
 * @param isWorking whether a thread is at work
 */
export async function settle(isWorking: () => boolean): Promise<void> {
  const inspect = inspector()
  let blind = inspect === undefined ? blindTurns : 0
  const isBusy = (): boolean => isWorking() || (inspect === undefined ? blind-- > 0 : inspect().includes(waiting))
  const mostTurns = limits.turnsPerInstant
  for (let turns = 0; turns < mostTurns; turns++) {
    await turn()
    if (!isBusy()) return
    // A thread decides itself when it is ready: only turns of ours are counted.
    if (isWorking()) turns -= 1
  }
  throw new SimulatorError('endless', 'simulation: the nodes do not come to rest while the clock stands still', {
    origin: 'environment'
  })
}
