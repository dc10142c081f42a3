import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The path of the first of these programs that is installed; undefined when none is. */
export function findOnPath(names, environment = process.env) {
  return (environment.PATH ?? '')
    .split(delimiter)
    .flatMap(folder => names.map(name => join(folder, name)))
    .find(path => existsSync(path))
}

/** The path of an installed Chromium: `$CHROMIUM`, else the first on the path; undefined when there is none. */
export function findChromium(environment = process.env) {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  return environment.CHROMIUM || findOnPath(names, environment)
}
