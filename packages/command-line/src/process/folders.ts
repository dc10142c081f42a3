import { homedir, userInfo } from 'node:os'
import { isAbsolute, join } from 'node:path'

const fallbacks = {
  XDG_CACHE_HOME: ['.cache'],
  XDG_CONFIG_HOME: ['.config'],
  XDG_DATA_HOME: ['.local', 'share']
} as const

/**
 * A folder of the XDG Base Directory Specification. A variable that is empty or holds a relative path is ignored, as the
 * specification says: it would name another folder in each directory that the program is started from.
 */
export function xdgFolder(name: keyof typeof fallbacks, environment: NodeJS.ProcessEnv): string {
  const given = environment[name] ?? ''
  return isAbsolute(given) ? given : join(homeFolder(environment), ...fallbacks[name])
}

/** `$HOME` where it is an absolute path, else what the system knows of the user. */
export function homeFolder(environment: NodeJS.ProcessEnv): string {
  const given = environment['HOME'] ?? ''
  if (isAbsolute(given)) return given
  if (process.platform === 'win32') return homedir()
  return userInfo().homedir
}
