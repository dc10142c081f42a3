import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { AliasWords } from '../../src/index.ts'

/** The shared word lists, when they are at hand: named by the environment, or beside the vectors. They are not ours to ship. */
export async function sharedWords(): Promise<AliasWords | undefined> {
  const beside = fileURLToPath(new URL('../../../vectors/data/alias-words.json', import.meta.url))
  for (const path of [process.env['STATUS_STACK_ALIAS_WORDS'], beside]) {
    if (path === undefined || path === '') continue
    try {
      return JSON.parse(await readFile(path, 'utf8')) as AliasWords
    } catch (cause) {
      if ((cause as { readonly code?: string }).code !== 'ENOENT') throw cause
    }
  }
  return undefined
}
