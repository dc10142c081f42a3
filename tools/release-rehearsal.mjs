#!/usr/bin/env node
// Publishes everything for real, twice, to a registry on loopback, and installs from it as a user would: the release
// procedure of CONTRIBUTING.md, run on a clone, so that neither the versions here nor a public registry are touched.
// The registry (verdaccio) is installed on demand: nothing else needs it.
import { spawn } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isPlaceholder, readOwner } from './manifests.mjs'
import { command, pnpm } from './npm.mjs'
import { publicPackages } from './packed.mjs'
import { followTutorials, installEach } from './tutorials.mjs'
import { createTranscript } from './typist.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const work = mkdtempSync(join(tmpdir(), 'status-stack-release-'))
const clone = join(work, 'clone')
const deadlineMs = 600_000
let environment = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', npm_config_update_notifier: 'false', CI: '' }

function run(file, args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(...command(file, args), { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: environment })
    let output = ''
    let stdout = ''
    child.stdout.on('data', chunk => {
      output += chunk
      stdout += chunk
    })
    child.stderr.on('data', chunk => {
      output += chunk
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs)
    child.on('error', reject)
    child.on('close', code => {
      clearTimeout(timer)
      if (code === 0) resolve(stdout)
      else reject(new Error(`${[file, ...args].join(' ')} ended with ${code}\n${output}`))
    })
  })
}

/** Something that goes on meanwhile; all of it is gone at the end. */
const meanwhile = new Set()
function start(file, args, cwd) {
  const child = spawn(...command(file, args), { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: environment })
  meanwhile.add(child)
  const transcript = createTranscript(deadlineMs)
  const ended = transcript.take(child)
  return { child, ended, until: pattern => transcript.until(pattern, ended) }
}

const pnpmIn = (cwd, ...args) => run(...pnpm(...args), cwd)
const say = text => console.log(`· ${text}`)

function claim(holds, what) {
  if (!holds) throw new Error(what)
  console.log(`✓ ${what}`)
}

/** What is published: name → version, as the manifests of the clone say. */
const versions = () => new Map(publicPackages(clone).map(({ json: { name, version } }) => [name, version]))

const freePort = () =>
  new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

/** A registry that keeps our packages and fetches all others from the one that npm is set to. */
async function startRegistry() {
  const folder = join(work, 'registry')
  mkdirSync(folder)
  // One of its plugins asks for a dist-tag that not every registry carries; the override names the version behind it.
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, dependencies: { verdaccio: '6.2.9' }, overrides: { 'node-fetch': '2.7.0' } })
  )
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts'], folder)
  const upstream = (await run('npm', ['config', 'get', 'registry'], folder)).trim()
  const port = await freePort()
  writeFileSync(
    join(folder, 'config.yaml'),
    [
      `storage: ${join(folder, 'storage')}`,
      `uplinks: { npm: { url: '${upstream}', maxage: 60m } }`,
      'packages:',
      `  '@status-stack/*': { access: $all, publish: $all, unpublish: $all }`,
      `  'status-stack': { access: $all, publish: $all, unpublish: $all }`,
      `  '**': { access: $all, proxy: npm }`,
      'max_body_size: 100mb',
      'log: { type: stdout, format: json, level: error }'
    ].join('\n')
  )
  const server = spawn(
    process.execPath,
    ['node_modules/verdaccio/bin/verdaccio', '--config', 'config.yaml', '--listen', `127.0.0.1:${port}`],
    { cwd: folder, stdio: 'ignore' }
  )
  const url = `http://127.0.0.1:${port}/`
  for (let attempt = 0; ; attempt++) {
    const up = await fetch(url).then(
      ({ ok }) => ok,
      () => false
    )
    if (up) break
    if (attempt === 100 || server.exitCode !== null) throw new Error('the registry did not start')
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  // Any token will do: the registry lets everybody publish, but npm refuses to try without one.
  const settings = join(work, 'npmrc')
  writeFileSync(settings, `registry=${url}\n//127.0.0.1:${port}/:_authToken=rehearsal\n`)
  environment = { ...environment, npm_config_userconfig: settings, npm_config_registry: url }
  return server
}

async function publish() {
  await pnpmIn(clone, 'run', 'versions')
  await run('git', ['commit', '--quiet', '--all', '--message', 'release'], clone)
  await pnpmIn(clone, 'release')
}

async function installFresh(name, ...packages) {
  const project = join(work, name)
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...packages], project)
  return project
}

const installed = (project, name) =>
  JSON.parse(readFileSync(join(project, 'node_modules', name, 'package.json'), 'utf8')).version

async function rehearse() {
  say('cloning, installing')
  await run('git', ['clone', '--quiet', root, clone], work)
  for (const [key, value] of [
    ['user.name', 'Release rehearsal'],
    ['user.email', 'rehearsal@localhost']
  ])
    await run('git', ['config', key, value], clone)
  await pnpmIn(clone, 'install', '--frozen-lockfile', '--prefer-offline', '--reporter=silent')

  if (isPlaceholder(readOwner(clone))) {
    const early = await pnpmIn(clone, 'release').catch(({ message }) => message)
    claim(early.includes('the owner is not known'), 'nothing is released before the owner is named')
    await run(process.execPath, ['tools/manifests.mjs', '--repository', 'https://example.org/rehearsal/stack'], clone)
    await run('git', ['commit', '--quiet', '--all', '--message', 'the owner of a rehearsal'], clone)
  }

  say('publishing the collected changesets')
  await publish()
  const first = versions()
  for (const [name, version] of first) claim(version !== '0.0.0', `${name} is released as ${version}`)

  say('installing the app from the registry')
  const project = await installFresh('user', 'status-stack')
  const { homepage } = JSON.parse(readFileSync(join(project, 'node_modules/status-stack/package.json'), 'utf8'))
  claim(!homepage.includes('OWNER'), `its manifest leads to ${homepage}`)
  const program = join(project, 'node_modules/.bin/status-stack')
  const shown = (await run(program, ['--version'], project)).trim()
  claim(shown === first.get('status-stack'), `the installed status-stack says its version, ${shown}`)
  const lines = (await run(program, ['demo', '--json'], project)).trim().split('\n')
  claim(JSON.parse(lines.at(-1)).ok === true, 'its demo runs: relay and people as processes, every step done')

  writeFileSync(join(project, 'password'), 'of a rehearsal\n')
  const as = name => [
    '--data-dir',
    join(project, 'data'),
    '--profile',
    name,
    '--password-file',
    join(project, 'password')
  ]
  const people = {}
  for (const name of ['alice', 'bob'])
    people[name] = JSON.parse(
      (await run(program, ['--json', ...as(name), 'init', '--light-kdf'], project)).split('\n')[0]
    ).text

  say('installing each package by name')
  await installEach({ work, environment, claim })
  say('typing what the tutorials say')
  await followTutorials({ work, environment, claim })

  say('releasing a fix of one layer')
  const fixed = '@status-stack/status-sync'
  writeFileSync(join(clone, '.changeset/rehearsal.md'), `---\n"${fixed}": patch\n---\n\nRehearsed a fix.\n`)
  appendFileSync(join(clone, 'packages/status-sync/README.md'), '\n')
  await run('git', ['add', '--all'], clone)
  await run('git', ['commit', '--quiet', '--message', 'fix'], clone)
  await publish()
  const second = versions()
  const changed = [...second].filter(([name, version]) => first.get(name) !== version).map(([name]) => name)
  claim(changed.includes(fixed), `${fixed} is released again, as ${second.get(fixed)}`)
  claim(
    changed.every(name => [fixed, 'status-stack', '@status-stack/web'].includes(name)) && changed.length === 3,
    `besides only what carries it inside, and no package that uses it; released: ${changed.join(', ')}`
  )
  const again = await installFresh('again', 'status-stack')
  claim(installed(again, 'status-stack') === second.get('status-stack'), 'a new install of the app takes the fix')

  say('one release beside the next')
  const next = join(again, 'node_modules/.bin/status-stack')
  const relay = start(program, ['--json', 'node', '--ephemeral', '--listen', '127.0.0.1:0'], project)
  const [enode] = await relay.until(/enode:\/\/[^"\s]+/)
  const listener = start(program, ['--json', ...as('bob'), 'listen', '--count', '1', '--peer', enode], project)
  await listener.until(/"state":"connected"/)
  await run(next, [...as('alice'), 'send', '--to', people.bob, '--peer', enode, 'from the next release'], again)
  await listener.until(/from the next release/)
  claim((await listener.ended) === 0, 'a profile of the earlier release, opened by the next, writes to the earlier one')
  const history = await run(next, ['--json', ...as('bob'), 'history', people.alice], again)
  claim(history.includes('from the next release'), 'what the earlier release kept, the next reads')
  relay.child.kill()
}

let server
let failed = false
try {
  server = await startRegistry()
  await rehearse()
} catch (error) {
  failed = true
  console.log(`✗ ${error.message}`)
} finally {
  server?.kill()
  for (const child of meanwhile) child.kill('SIGKILL')
  rmSync(work, { recursive: true, force: true })
}
process.exit(failed ? 1 : 0)
