import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

// A Node module, a file that is for Node, an environment variable: none of them is there in a browser.
const needsNode =
  /from '(node:|[^']*\.node\.ts')|import\('node:|\bprocess\.|from 'vitest\/node'|\bBuffer\b|\bsetImmediate\b|useEcBackend\('native'\)|'noble', 'native'/
const relativeImport = /(?:from|import) '(\.[^']*)'/g

function filesBelow(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)]
  )
}

/** Whether a test, or a helper beside it that it imports, can only run in Node. The package's own sources can't. */
function runsInNodeOnly(file, testFolder, seen = new Set()) {
  if (seen.has(file) || !existsSync(file)) return false
  seen.add(file)
  const text = readFileSync(file, 'utf8')
  if (needsNode.test(text)) return true
  return [...text.matchAll(relativeImport)]
    .map(([, specifier]) => resolve(dirname(file), specifier))
    .filter(path => path.startsWith(testFolder))
    .some(path => runsInNodeOnly(path, testFolder, seen))
}

/** The tests of a package that a browser can run: those of these folders that need nothing of Node. */
export function browserTests(packageFolder, folders) {
  const testFolder = resolve(packageFolder, 'test')
  return folders
    .flatMap(folder => filesBelow(join(testFolder, folder)))
    .filter(file => file.endsWith('.test.ts') && !runsInNodeOnly(file, testFolder))
}
