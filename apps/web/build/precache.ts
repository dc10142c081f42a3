import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the service worker's source has where the list of files belongs. */
const listPlace = '__PRECACHE__'
const workerFile = 'sw.js'

/** All files below a folder, with slashes, in one order on every machine. */
function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/')
    )
    .sort()
}

/** Writes the files of a built page, and a version that follows from all their bytes, into its service worker. */
export function writePrecacheList(folder: string): void {
  const files = filesBelow(folder).filter(name => name !== workerFile)
  const hash = createHash('sha256')
  for (const name of files)
    hash
      .update(name)
      .update('\0')
      .update(readFileSync(join(folder, name)))
  const list = JSON.stringify({ version: hash.digest('hex').slice(0, 16), files })
  const path = join(folder, workerFile)
  const source = readFileSync(path, 'utf8')
  if (source.split(listPlace).length !== 2) throw new Error(`${workerFile}: expected ${listPlace} once`)
  writeFileSync(
    path,
    source.replace(listPlace, () => list)
  )
}
