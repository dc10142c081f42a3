import { execFile, execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const debian = '/usr/lib/postgresql'
/** The folder of PostgreSQL's programs, when there are any. */
export const programs = [
  ...(existsSync(debian) ? readdirSync(debian).map(version => join(debian, version, 'bin')) : []),
  ...(process.env['PATH'] ?? '').split(':')
].find(folder => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl')))

/** A database in a temporary folder, reached by a Unix socket; as another user where we are root, which it refuses. */
export async function startDatabase(/** @type {string} */ from) {
  const folder = mkdtempSync(join(tmpdir(), 'fleet-'))
  const isRoot = process.getuid?.() === 0
  const idOf = (/** @type {string} */ flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  if (isRoot) chownSync(folder, idOf('-u'), idOf('-g'))
  const call = (/** @type {string} */ program, /** @type {string[]} */ ...args) => {
    const command = [join(from, program), '-D', join(folder, 'data'), ...args]
    const [file = '', ...rest] = isRoot ? ['runuser', '-u', 'postgres', '--', ...command] : command
    return promisify(execFile)(file, rest, { cwd: folder })
  }
  await call('initdb', '-A', 'trust', '-U', 'postgres', '--no-sync')
  const settings = `-k ${folder} -c listen_addresses='' -c fsync=off`
  await call('pg_ctl', '-w', '-t', '60', '-o', settings, '-l', join(folder, 'log'), 'start')
  return {
    url: `postgresql://postgres@/postgres?host=${encodeURIComponent(folder)}`,
    folder,
    stop: async () => {
      await call('pg_ctl', '-m', 'immediate', 'stop')
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
