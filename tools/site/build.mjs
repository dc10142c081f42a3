#!/usr/bin/env node
import { spawnSync } from 'node:child_process'
// `pnpm site`: installs what builds the documentation site, puts its pages together, builds it and follows every link. `--no-reference` leaves
// out the reference, which takes longest; `--serve` shows the pages while they are written.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root, run } from '../packed.mjs'
import { collectPages } from './collect.mjs'
import { linkProblems } from './links.mjs'
import { writeReference } from './reference.mjs'

const site = join(root, 'docs/site')
const pages = join(site, '.pages')
const output = join(site, 'dist')
const { packageManager } = JSON.parse(readFileSync(join(site, 'package.json'), 'utf8'))

function fail(title, text) {
  console.error(`✗ ${title}\n${text}`)
  process.exit(1)
}

const started = Date.now()
const say = text => console.log(`· ${text} (${Math.round((Date.now() - started) / 1000)} s)`)

const installed = await run('npx', ['--yes', packageManager, 'install', '--frozen-lockfile', '--prefer-offline'], {
  cwd: site
})
if (!installed.ok) fail('what builds the site could not be installed', installed.output)
const shown = collectPages(pages)
writeFileSync(join(pages, 'sidebar.json'), JSON.stringify(shown))
say(`${shown.length} pages are collected`)

const vitepress = join(site, 'node_modules/vitepress/bin/vitepress.js')
if (process.argv.includes('--serve')) {
  spawnSync(process.execPath, [vitepress, 'dev', site], { cwd: site, stdio: 'inherit' })
  process.exit(0)
}
rmSync(output, { recursive: true, force: true })
const built = await run(process.execPath, [vitepress, 'build', site], { cwd: site, deadlineMs: 600_000 })
if (!built.ok) fail('the site could not be built', built.output)
say('the pages are built')
if (process.argv.includes('--no-reference')) mkdirSync(join(output, 'reference'))
else {
  const work = mkdtempSync(join(tmpdir(), 'status-stack-site-'))
  const made = await writeReference(join(output, 'reference'), work)
  rmSync(work, { recursive: true, force: true })
  if (!made.ok) fail('the reference could not be made', made.output)
  say('the reference is made')
}
const problems = linkProblems(output).filter(
  problem => !process.argv.includes('--no-reference') || !problem.includes('reference')
)
if (problems.length > 0) fail(`${problems.length} links are broken`, problems.join('\n'))
say('every link leads somewhere, and no page loads anything from another host')
