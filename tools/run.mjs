#!/usr/bin/env node
// The two commands of the README. They bring the pinned pnpm themselves, so a machine needs only Node and npm.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const [command, ...rest] = process.argv.slice(2)
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
  const { status, error } = spawnSync(file, args, {
    cwd: root,
    env: environment,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32'
  })
  if (error) say(`  ${error.message}`)
  if (status !== 0) {
    say(`✗ ${title} failed`)
    process.exit(1)
  }
}

const pnpm = (title, ...args) => step(title, 'npx', ['--yes', manifest.packageManager, ...args])

function install() {
  pnpm(
    'installing dependencies (the first time about half a minute)',
    'install',
    '--frozen-lockfile',
    '--prefer-offline',
    '--reporter=silent'
  )
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  say(`status-stack needs Node 20.19 or newer, this is ${process.versions.node}`)
  process.exit(1)
}

if (command === 'start') {
  install()
  pnpm(
    'building the packages (cached afterwards)',
    'exec',
    'turbo',
    'run',
    'build',
    '--filter=status-stack...',
    '--output-logs=errors-only',
    '--no-update-notifier'
  )
  const { status, signal } = spawnSync(
    process.execPath,
    ['apps/cli/dist/main.js', ...(rest.length === 0 ? ['demo'] : rest)],
    {
      cwd: root,
      stdio: 'inherit'
    }
  )
  process.exit(signal ? 1 : (status ?? 1))
} else if (command === 'test') {
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
