// Builds the Go programs of this folder, through the module proxy that Go is set up for. Go's own cache makes a second build short.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('go', import.meta.url))
/** Beside the packages' other caches: ignored by git, kept between runs. */
const bin = fileURLToPath(new URL('../node_modules/.cache/bench-peers/', import.meta.url))

/** Path of a program of ours in Go. */
export const goProgram = name => join(bin, name)

/** Why the Go programs cannot be had, or `undefined`. */
export function buildGoPrograms() {
  mkdirSync(bin, { recursive: true })
  const version = spawnSync('go', ['version'], { encoding: 'utf8' })
  if (version.status !== 0) return 'Go is not installed'
  const names = ['shhnode', 'loadgen', 'micro', 'rlpx']
  const { status, stderr } = spawnSync('go', ['build', '-mod=mod', '-o', bin, ...names.map(name => `./${name}`)], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, GOFLAGS: '' }
  })
  return status === 0 ? undefined : `the Go programs do not build:\n${stderr}`
}
