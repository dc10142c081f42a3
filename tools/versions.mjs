#!/usr/bin/env node
// Makes versions of the collected changesets. An app carries the packages that it uses inside of its own files, so that a fix of one
// reaches people only with a release of the app: each app that no changeset names gets one when anything in it is released.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkManifests } from './manifests.mjs'
import { publicPackages } from './packed.mjs'

/** Everything that is published by its name, apps marked. */
function published(root) {
  const isApp = folder => dirname(folder) === join(root, 'apps')
  return new Map(publicPackages(root).map(({ folder, json }) => [json.name, { ...json, isApp: isApp(folder) }]))
}

/** The names of what an app is built from, itself left out. */
export function carriedBy(app, packages) {
  const found = new Set()
  const visit = ({ dependencies = {}, devDependencies = {}, isApp }) => {
    for (const name of Object.keys({ ...dependencies, ...(isApp ? devDependencies : {}) })) {
      if (!packages.has(name) || found.has(name)) continue
      found.add(name)
      visit(packages.get(name))
    }
  }
  visit(app)
  return found
}

/** The changesets that apps need beside those that there are: name of the app → what in it is released. */
export function missingReleases(packages, released) {
  const missing = new Map()
  for (const app of packages.values()) {
    if (!app.isApp || app.private || released.includes(app.name)) continue
    const news = [...carriedBy(app, packages)].filter(name => released.includes(name)).sort()
    if (news.length > 0) missing.set(app.name, news)
  }
  return missing
}

function changeset(root, ...args) {
  const script = join(root, 'node_modules/@changesets/cli/bin.js')
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' })
  if (status !== 0) throw new Error(`changeset ${args[0]} ended with ${status}`)
}

/** What the collected changesets release. */
function planned(root) {
  const folder = mkdtempSync(join(tmpdir(), 'status-stack-versions-'))
  try {
    changeset(root, 'status', '--output', relative(root, join(folder, 'plan.json')))
    const { releases } = JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8'))
    return releases.filter(({ type }) => type !== 'none').map(({ name }) => name)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('..', import.meta.url))
  for (const [app, news] of missingReleases(published(root), planned(root))) {
    const file = join(root, '.changeset', `carries-${app.replace(/\W+/g, '-')}.md`)
    writeFileSync(file, `---\n"${app}": patch\n---\n\nCarries the new releases of ${news.join(', ')}.\n`)
  }
  changeset(root, 'version')
  checkManifests(root, { write: true })
}
