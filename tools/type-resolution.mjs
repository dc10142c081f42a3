// Whether an ESM user finds the types of every entry, and the types that belong to the code: what are-the-types-wrong calls its ESM profile.
import { readFileSync } from 'node:fs'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'

/** How nobody who uses an ESM package resolves it. */
const notEsm = ['node10', 'node16-cjs']

/** What is wrong with the types of a tarball, in words. */
export async function typeProblems(tarball) {
  const result = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(tarball))))
  if (!result.types) return []
  return result.problems
    .filter(({ resolutionKind }) => !notEsm.includes(resolutionKind))
    .map(({ kind, entrypoint = '', resolutionKind = '' }) => `types: ${kind} ${entrypoint} ${resolutionKind}`.trim())
}
