#!/usr/bin/env node
// The two commands of the README. They bring the pinned pnpm themselves, so a machine needs only Node and npm.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { command, pnpm } from './npm.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const [task, ...rest] = process.argv.slice(2)
const environment = {
  ...process.env,
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  CI: process.env.CI ?? ''
}

const say = text => process.stderr.write(`${text}\n`)

/** Runs a step; everything it prints goes to stderr, so that stdout stays data. */
function step(title, file, args) {
  say(`· ${title}`)
  const { status, error } = spawnSync(...command(file, args), {
    cwd: root,
    env: environment,
    stdio: ['ignore', 2, 2]
  })
  if (error) say(`  ${error.message}`)
  if (status !== 0) {
    say(`✗ ${title} failed`)
    process.exit(1)
  }
}

const pnpmStep = (title, ...args) => step(title, ...pnpm(...args))

/** What is installed is what the lockfile says: whatever a package manager would ask, there is nothing to do. */
function isInstalled() {
  const read = path => readFileSync(new URL(path, new URL('../', import.meta.url)), 'utf8')
  try {
    return read('node_modules/.pnpm/lock.yaml') === read('pnpm-lock.yaml')
  } catch {
    return false
  }
}

function install() {
  if (isInstalled()) return
  pnpmStep(
    'installing dependencies (the first time about half a minute)',
    'install',
    '--frozen-lockfile',
    '--prefer-offline',
    '--reporter=silent'
  )
}

/** Builds no more than what runs, and no declarations of types. */
async function build(words) {
  const began = Date.now()
  say('· building the program')
  const { programOfClone } = await import('../apps/cli/build/clone.mjs')
  const program = await programOfClone()
  if (words.includes('web'))
    pnpmStep('building the page (cached afterwards)', ...turbo, 'page', '--filter=@status-stack/web')
  say(`· built in ${((Date.now() - began) / 1000).toFixed(1)} s`)
  return program
}

const turbo = ['exec', 'turbo', 'run', '--output-logs=errors-only', '--no-update-notifier']

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  say(`status-stack needs Node 20.19 or newer, this is ${process.versions.node}`)
  process.exit(1)
}

if (task === 'start') {
  install()
  const words = rest.length === 0 ? ['demo'] : rest
  const program = await build(words)
  const { status, signal } = spawnSync(process.execPath, [program, ...words], { cwd: root, stdio: 'inherit' })
  process.exit(signal ? 1 : (status ?? 1))
} else if (task === 'test') {
  install()
  const { status } = spawnSync(process.execPath, ['tools/test.mjs', ...rest], {
    cwd: root,
    env: environment,
    stdio: 'inherit'
  })
  process.exit(status ?? 1)
} else {
  say('usage: node tools/run.mjs start|test [arguments]')
  process.exit(2)
}
