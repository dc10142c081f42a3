// The golden vectors, by the packages that a user has installed.
import { adapters } from '@status-stack/conformance/adapters'
import { explainRecord, runVectors } from '@status-stack/conformance/runner'

/** Runs the vector files of `load` (by name); what needs the word lists is skipped, as they are not shipped. */
export async function vectors(names, load) {
  const files = await Promise.all(names.map(load))
  const failures = []
  let passed = 0
  for await (const record of runVectors(files, { adapters })) {
    if (record.kind === 'case' && record.outcome === 'passed') passed++
    if (record.kind === 'case' && record.outcome === 'failed') failures.push(explainRecord(record).join(' '))
  }
  return { passed, failures }
}
