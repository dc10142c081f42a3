import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The path of an installed Chromium: `$CHROMIUM`, else the first on the path; undefined when there is none. */
export function findChromium(environment = process.env) {
  if (environment.CHROMIUM) return environment.CHROMIUM
  return (environment.PATH ?? '')
    .split(delimiter)
    .flatMap(folder => names.map(name => join(folder, name)))
    .find(path => existsSync(path))
}
