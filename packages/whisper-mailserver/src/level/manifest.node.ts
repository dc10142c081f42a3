import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The name of the manifest of a database, which changes with everyone who opens it; `undefined` where there is none. By it an
 * archive shows whether another program had it open meanwhile.
 */
export async function manifestOf(location: string): Promise<string | undefined> {
  try {
    return await readFile(join(location, 'CURRENT'), 'utf8')
  } catch {
    return undefined
  }
}
