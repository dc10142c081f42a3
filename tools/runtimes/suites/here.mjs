// Runs in Node, Bun and Deno: prints what came out as one line.
import { loadVectors, vectorFiles } from '@status-stack/vectors'
import { compliance } from './compliance.mjs'
import { facts } from './facts.mjs'
import { vectors } from './vectors.mjs'

// A process that only waits for messages of the tested links would end.
setInterval(() => undefined, 1000)

const version = globalThis.Deno?.version.deno ?? globalThis.Bun?.version ?? globalThis.process.versions.node
const result = {
  version,
  facts: facts(),
  vectors: await vectors(vectorFiles, loadVectors),
  compliance: await compliance()
}
console.log(`RESULT ${JSON.stringify(result)}`)
// Timers of what was tested must not keep the process.
globalThis.process.exit(0)
