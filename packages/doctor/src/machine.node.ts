import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Finding, note, ok, problem } from './finding.ts'

const oldestNode = [20, 19] as const
const mib = 1024 * 1024

/**
 * `version` as `process.versions.node` has it.
 *
 * @example
 * ```ts
 * checkNode(process.versions.node).state // 'ok'
 * ```
 */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [least, leastMinor] = oldestNode
  return major > least || (major === least && minor >= leastMinor)
    ? ok('node', `Node ${version}`)
    : problem(
        'node',
        `Node ${version} is too old: ${least}.${leastMinor} is the oldest that works`,
        'install a newer Node'
      )
}

/**
 * Which implementation of the curve runs here, and what a faster one would need.
 *
 * @example
 * ```ts
 * const finding = checkCurve(ecBackend().name)
 * ```
 */
export function checkCurve(backend: string): Finding {
  return backend === 'native'
    ? ok('curve', 'native secp256k1')
    : note(
        'curve',
        `${backend} secp256k1: works, several times slower`,
        '`npm install` with optional dependencies brings the native one'
      )
}

/**
 * Room where profiles and archives are kept.
 *
 * @example
 * ```ts
 * const { state, message } = await checkDisk('/var/lib/relay')
 * ```
 */
export async function checkDisk(
  folder: string,
  free: (existing: string) => Promise<number> = async existing => {
    const { bavail, bsize } = await statfs(existing)
    return bavail * bsize
  }
): Promise<Finding> {
  let existing = folder
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing)
  const bytes = await free(existing)
  const text = `${Math.floor(bytes / mib)} MiB free at ${existing}`
  if (bytes < 64 * mib)
    return problem('disk', text, 'free some space: messages that cannot be stored are not acknowledged')
  return bytes < 1024 * mib ? note('disk', text, 'a mailserver or a long history may need more') : ok('disk', text)
}
