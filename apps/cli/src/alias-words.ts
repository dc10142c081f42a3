import { join } from 'node:path'
import { bytesToHex } from '@status-stack/crypto'
import { type AliasWords, digestOfList, sharedListDigests } from '@status-stack/status-accounts'
import { readTextFile } from './files.ts'
import { limits } from './limits.ts'
import type { Output } from './output.ts'

const lists = ['adjectives', 'animals'] as const

/**
 * The lists that three-word names are made of: `adjectives.txt` and `animals.txt` of a folder, one word a line. Other lists than those that
 * Status programs share give other names, which is said.
 * @throws CliError `alias-words` naming the file that cannot be read
 */
export async function readAliasWords(
  folder: string | undefined,
  output: Pick<Output, 'note'>
): Promise<AliasWords | undefined> {
  if (folder === undefined) return undefined
  const read = async (name: (typeof lists)[number]): Promise<readonly string[]> => {
    const text = await readTextFile(join(folder, `${name}.txt`), {
      what: `the list of ${name} for three-word names`,
      maxBytes: limits.aliasListBytes,
      code: 'alias-words',
      exit: 'usage'
    })
    return text
      .split('\n')
      .map(word => word.trim())
      .filter(word => word !== '')
  }
  const words = { adjectives: await read('adjectives'), animals: await read('animals') }
  if (lists.some(name => bytesToHex(digestOfList(words[name])) !== sharedListDigests[name]))
    output.note(
      { event: 'warning', code: 'alias-words', folder },
      `· the lists in ${folder} are not those of other Status programs: people have other three-word names there`
    )
  return words
}
