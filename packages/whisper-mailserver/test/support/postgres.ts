import { execFile, execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'

const run = promisify(execFile)

/** Where Debian and others keep the server's programs, the newest first. */
function binaries(): string | undefined {
  const homes = ['/usr/lib/postgresql', '/usr/local/opt/postgresql', '/opt/homebrew/opt/postgresql']
  const folders = homes.flatMap(home => {
    if (!existsSync(home)) return []
    return [
      join(home, 'bin'),
      ...readdirSync(home)
        .sort((a, b) => Number(b) - Number(a))
        .map(version => join(home, version, 'bin'))
    ]
  })
  const inPath = (process.env['PATH'] ?? '').split(':')
  return [...folders, ...inPath].find(
    folder => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl'))
  )
}

export const postgresBinaries: string | undefined = binaries()

/** A PostgreSQL of our own on a Unix socket in a temporary folder. */
export interface Postgres {
  /** The URI of a fresh schema. */
  readonly fresh: () => Promise<string>
  readonly stop: () => Promise<void>
}

/** PostgreSQL refuses to run as root: then it runs as `postgres`. */
export async function startPostgres(bin: string): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'pg-'))
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  const user = process.getuid?.() === 0 ? { uid: id('-u'), gid: id('-g') } : undefined
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
  const as = (program: string, args: readonly string[]) => run(join(bin, program), [...args], { cwd: folder, ...user })
  const data = join(folder, 'data')
  await as('initdb', ['-D', data, '-A', 'trust', '-U', 'postgres', '--no-sync', '-E', 'UTF8', '--locale=C'])
  const settings = `-k ${folder} -c listen_addresses='' -c fsync=off -c max_connections=200`
  await as('pg_ctl', ['-D', data, '-w', '-t', '60', '-o', settings, '-l', join(folder, 'log'), 'start'])
  const base = `postgresql://postgres@/postgres?host=${encodeURIComponent(folder)}`
  let count = 0
  return {
    fresh: async () => {
      const name = `test_${++count}`
      const client = new Client({ connectionString: base })
      await client.connect()
      await client.query(`CREATE SCHEMA ${name}`)
      await client.end()
      return `${base}&options=${encodeURIComponent(`-c search_path=${name}`)}`
    },
    stop: async () => {
      await as('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop'])
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
