// The program of a clone, for `npm start`: where its sources have changed it is made anew, beside those that may be running.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { copyAddon } from '../../../tools/native-addon.mjs'
import { bundle, fingerprint, folder, writeFiles } from './bundle.mjs'

const keptMs = 7 * 24 * 3600 * 1000

/** Answers the file to run. */
export async function programOfClone() {
  const { files } = await bundle()
  const builds = join(folder, '.start')
  const made = join(builds, fingerprint(files))
  if (!existsSync(made)) {
    const unfinished = `${made}-${process.pid}`
    writeFiles(files, unfinished)
    copyAddon(join(unfinished, 'native'))
    // The program reads its version there.
    writeFileSync(join(builds, 'package.json'), readFileSync(join(folder, 'package.json')))
    try {
      renameSync(unfinished, made)
    } catch (error) {
      rmSync(unfinished, { recursive: true })
      // Another start may have made the same in the meantime.
      if (!existsSync(made)) throw error
    }
  }
  utimesSync(made, new Date(), new Date())
  for (const name of readdirSync(builds)) {
    const other = join(builds, name)
    if (Date.now() - statSync(other).mtimeMs > keptMs) rmSync(other, { recursive: true })
  }
  return join(made, 'main.js')
}
