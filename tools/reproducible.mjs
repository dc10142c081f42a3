#!/usr/bin/env node
// Builds and packs everything twice, in two folders and without a cache, and compares the tarballs byte by byte: whoever builds a published
// version gets what is published. `--tarballs=FOLDER` names those of a build that there is; then one more is made.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pnpm } from './npm.mjs'
import { packAll, publicPackages, root, run, tarballFolder } from './packed.mjs'
import { contentsOf } from './tarball-checks.mjs'

const sha256 = bytes => createHash('sha256').update(bytes).digest('hex')

/** What differs between two tarballs of one package, in words; nothing when every byte is the same. */
export function differences(one, other) {
  if (readFileSync(one).equals(readFileSync(other))) return []
  const [first, second] = [one, other].map(tarball => contentsOf(tarball))
  const paths = [...new Set([...first.keys(), ...second.keys()])].sort()
  const found = paths.flatMap(path => {
    const [a, b] = [first.get(path), second.get(path)]
    if (a === undefined || b === undefined) return [`${path} is only in one of them`]
    return a.equals(b) ? [] : [`${path} differs`]
  })
  return found.length > 0 ? found : ['the same files, packed in another way']
}

/** Builds the working tree as it is in a folder of its own; answers the tarballs by package. */
async function buildIn(folder) {
  const { stdout } = spawnSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' })
  for (const path of stdout.split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    cpSync(join(root, path), join(folder, path), { force: true, recursive: true, errorOnExist: false })
  }
  const env = { TURBO_TELEMETRY_DISABLED: '1', TURBO_CACHE_DIR: join(folder, 'turbo-cache') }
  for (const args of [
    ['install', '--frozen-lockfile', '--prefer-offline', '--reporter=silent'],
    ['exec', 'turbo', 'run', 'build', '--filter=./packages/*', '--filter=./apps/*', '--output-logs=errors-only']
  ]) {
    const { ok, output } = await run(...pnpm(...args), {
      cwd: folder,
      env,
      deadlineMs: 1_800_000
    })
    if (!ok) throw new Error(`${args.join(' ')} failed\n${output}`)
  }
  return packAll(publicPackages(folder), join(folder, 'tarballs'))
}

async function compare(work) {
  const first =
    tarballFolder === undefined ? await buildIn(join(work, 'one')) : await packAll(publicPackages(), tarballFolder)
  const second = await buildIn(join(work, 'a-folder-with-a-longer-name'))
  let failed = false
  for (const [name, tarball] of [...first].sort()) {
    const found = differences(tarball, second.get(name))
    failed ||= found.length > 0
    console.log(`${found.length === 0 ? '✓' : '✗'} ${name} ${sha256(readFileSync(tarball)).slice(0, 16)}`)
    for (const line of found) console.log(`  ${line}`)
  }
  return !failed
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const work = mkdtempSync(join(tmpdir(), 'status-stack-reproducible-'))
  try {
    process.exitCode = (await compare(work)) ? 0 : 1
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}
