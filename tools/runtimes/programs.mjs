// The runtimes that are programs: where each comes from, and how it runs a module.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { installed } from './cache.mjs'

const versions = JSON.parse(readFileSync(new URL('versions.json', import.meta.url), 'utf8'))
const system = process.platform === 'win32' ? 'win' : process.platform
const suffix = process.platform === 'win32' ? '.exe' : ''

/** npm has Node as one package for each system; `node` itself is a script that fetches it. */
async function node(version) {
  const folder = await installed(`node-${system}-${process.arch}`, version)
  return programIn(folder, [`node-${system}-${process.arch}`, 'bin', `node${suffix}`])
}

async function bun() {
  const folder = await installed(`@oven/bun-${process.platform}-${process.arch}`, versions.bun)
  return programIn(folder, ['@oven', `bun-${process.platform}-${process.arch}`, 'bin', `bun${suffix}`])
}

async function deno() {
  const libc = process.platform === 'linux' ? '-glibc' : ''
  const name = `${process.platform}-${process.arch}${libc}`
  const folder = await installed(`@deno/${name}`, versions.deno)
  return programIn(folder, ['@deno', name, `deno${suffix}`])
}

function programIn(folder, path) {
  const program = join(folder, ...path)
  if (!existsSync(program)) throw new Error(`${path.join('/')} is not in its package`)
  return program
}

/** In the order of the page. `args` run a module file. */
export const programs = [
  ...Object.entries(versions.node).map(([major, version]) => ({
    id: `node-${major}`,
    title: `Node ${major}`,
    find: () => node(version),
    args: []
  })),
  { id: 'bun', title: 'Bun', find: bun, args: ['run'] },
  { id: 'deno', title: 'Deno', find: deno, args: ['run', '--quiet', '--allow-all', '--cached-only'] }
]

/** The compilers whose users are looked after. */
export const compilers = versions.typescript
