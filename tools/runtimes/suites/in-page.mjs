// Runs in a page: everything that runs there, what the policy of the page refused, and where a long search was done.
import { createPowSearcher } from '@status-stack/whisper'
import { compliance } from './compliance.mjs'
import { facts } from './facts.mjs'
import { vectors } from './vectors.mjs'

const refused = new Set()
addEventListener('securitypolicyviolation', event => refused.add(`${event.effectiveDirective}: ${event.blockedURI}`))

let answeredByWorker = false
const PlainWorker = globalThis.Worker
globalThis.Worker = class extends PlainWorker {
  constructor(...parameters) {
    super(...parameters)
    this.addEventListener('message', () => {
      answeredByWorker = true
    })
  }
}

/** A search that is long enough for a thread. */
async function longSearch() {
  const searcher = createPowSearcher({ nowMs: () => performance.now() }, 1)
  const nonce = await searcher.search(new Uint8Array(131), 19, { timeMs: 60_000 })
  await searcher.stop()
  if (nonce === undefined) throw new Error('no nonce was found')
  return answeredByWorker ? 'worker' : 'page'
}

const exampleMs = 60_000

/** Each README example is a module that is done when it is loaded. */
async function examples(names) {
  const outcomes = {}
  for (const name of names) {
    let timer
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error('not done within a minute')), exampleMs)
    })
    outcomes[name] = await Promise.race([import(`/examples/${name}.js`), late]).then(
      () => 'passed',
      error => `failed: ${error}`
    )
    clearTimeout(timer)
  }
  return outcomes
}

async function run() {
  const { vectorFiles, exampleNames } = await (await fetch('/plan.json')).json()
  return {
    version: /(?:Chrome|Firefox)\/([\d.]+)/.exec(navigator.userAgent)?.[1],
    search: await longSearch(),
    facts: facts(),
    examples: await examples(exampleNames),
    vectors: await vectors(vectorFiles, async name => (await fetch(`/data/${name}.json`)).json()),
    compliance: await compliance(),
    refused: [...refused].sort()
  }
}

const outcome = await run().catch(error => ({ error: String(error?.stack ?? error) }))
await fetch('/outcome', { method: 'POST', body: JSON.stringify(outcome) })
