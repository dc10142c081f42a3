// One thread for all the runs of a mutation test: vitest would start a new one for each mutant and load everything again, which mostly takes longer than
// the tests. The mutants are all in the code that is loaded, one at a time is switched on; what is evaluated only once is not mutated (`ignoreStatic`).
import { readdirSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { BaseSequencer, ThreadsPoolWorker } from 'vitest/node'

/** After so many mutants the thread is a new one: listeners and what tests leave behind do not pile up. */
const runsOfThread = 50

const ownFiles = ['src', 'test'].flatMap(folder => {
  // biome-ignore lint/suspicious/noUndeclaredEnvVars: no task of turbo reads it
  const path = resolve('packages', process.env.MUTATION_PACKAGE, folder)
  return readdirSync(path, { recursive: true }).map(file => join(path, file))
})

/** @type {KeptWorker | undefined} */
let kept

class KeptWorker extends ThreadsPoolWorker {
  #started = false
  #runs = 0
  #listeners = new Set()

  on(event, callback) {
    if (event === 'message') this.#listeners.add(callback)
    super.on(event, callback)
  }

  off(event, callback) {
    this.#listeners.delete(callback)
    super.off(event, callback)
  }

  async start() {
    if (this.#started) return
    this.#started = true
    await super.start()
    this.on('error', () => this.#leave())
  }

  send(message) {
    if (message.type !== 'stop' || this.#runs >= runsOfThread) {
      if (message.type === 'run') {
        this.#runs += 1
        // The package and its tests begin anew: what a mutant did to an array of a module must not be laid to the next one.
        message.context.invalidates = ownFiles
      }
      super.send(message)
      return
    }
    for (const callback of this.#listeners) callback({ type: 'stopped', __vitest_worker_response__: true })
  }

  async stop() {
    if (this.#runs < runsOfThread) return
    this.#leave()
    await super.stop()
  }

  #leave() {
    if (kept === this) kept = undefined
  }
}

/** What failed for the mutant before, then the shortest: the first failure ends a run. */
export class ShortestFirst extends BaseSequencer {
  async sort(files) {
    const results = new Map(
      files.map(file => [
        file,
        this.ctx.cache.getFileTestResults(`${file.project.name}:${relative(this.ctx.config.root, file.moduleId)}`)
      ])
    )
    const order = file => (results.get(file)?.failed === true ? -1 : (results.get(file)?.duration ?? 0))
    return [...files].sort((a, b) => order(a) - order(b))
  }
}

/** A plugin of Vite: makes vitest's pool keep its thread. */
export const keepThread = {
  name: 'keep-thread',
  configureVitest({ project }) {
    project.config.pool = 'kept'
    project.config.poolRunner = {
      name: 'kept',
      createPoolWorker: options => {
        kept ??= new KeptWorker(options)
        return kept
      }
    }
  }
}
