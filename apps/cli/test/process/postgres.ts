import { execFile, execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const debian = '/usr/lib/postgresql'

/** The folder of the server's programs, when there are any. */
export const postgresPrograms: string | undefined = [
  ...(existsSync(debian) ? readdirSync(debian).map(version => join(debian, version, 'bin')) : []),
  ...(process.env['PATH'] ?? '').split(':')
].find(folder => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl')))

/** A PostgreSQL of our own, on a Unix socket in a temporary folder; as another user where we are root, which it refuses. */
export async function startPostgres(programs: string) {
  const folder = mkdtempSync(join(tmpdir(), 'pg-'))
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  const user = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : undefined
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
  const call = (program: string, ...args: string[]) =>
    run(join(programs, program), ['-D', join(folder, 'data'), ...args], { cwd: folder, ...user })
  await call('initdb', '-A', 'trust', '-U', 'postgres', '--no-sync')
  const settings = `-k ${folder} -c listen_addresses='' -c fsync=off`
  await call('pg_ctl', '-w', '-t', '60', '-o', settings, '-l', join(folder, 'log'), 'start')
  return {
    url: `postgresql://postgres@/postgres?host=${encodeURIComponent(folder)}`,
    stop: async () => {
      await call('pg_ctl', '-m', 'immediate', 'stop')
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
