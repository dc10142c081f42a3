// The same suites in a page: bundled as an application would do it, served from loopback under a Content Security Policy.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** Builds the page in `www` of a project that has the packages installed. */
export async function buildPage(project, exampleNames) {
  const www = join(project, 'www')
  mkdirSync(join(www, 'data'), { recursive: true })
  const { build } = createRequire(join(project, 'package.json'))('esbuild')
  const settings = { bundle: true, format: 'esm', platform: 'browser', target: 'es2022', absWorkingDir: project }
  const installed = join(project, 'node_modules', '@status-stack')
  await build({ ...settings, entryPoints: { app: 'suites/in-page.mjs' }, outdir: www, logLevel: 'error' })
  await build({
    ...settings,
    entryPoints: { 'pow-worker.browser': join(installed, 'whisper', 'dist', 'pow-worker.browser.js') },
    outdir: www,
    logLevel: 'error'
  })
  const entryPoints = Object.fromEntries(exampleNames.map(name => [name, `examples/${name}.mjs`]))
  await build({ ...settings, entryPoints, outdir: join(www, 'examples'), logLevel: 'error' })
  const data = join(installed, 'vectors', 'data')
  const files = readdirSync(data).filter(name => name.endsWith('.json'))
  for (const name of files) copyFileSync(join(data, name), join(www, 'data', name))
  writeFileSync(
    join(www, 'plan.json'),
    JSON.stringify({ vectorFiles: files.map(name => name.replace('.json', '')), exampleNames })
  )
  writeFileSync(
    join(www, 'index.html'),
    '<!doctype html><meta charset="utf-8"><script type="module" src="/app.js"></script>'
  )
  return www
}

const types = { html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8', json: 'application/json' }

/** How a browser is told to open one page without a window, with a profile of its own. */
const browsers = {
  chromium: (profile, url) => [
    ...['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    ...['--disable-component-update', '--disable-sync', `--user-data-dir=${profile}`, url]
  ],
  firefox: (profile, url) => ['--headless', '--no-remote', '--profile', profile, url]
}

/** Opens the page and answers what it posts; throws when it posts nothing in time. */
export async function outcomeOf(www, { browser, program, policy, deadlineMs }) {
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') {
      server.emit('outcome', await text(request))
      response.end()
      return
    }
    const path = join(www, request.url === '/' ? 'index.html' : request.url)
    if (!path.startsWith(www) || !existsSync(path)) {
      response.writeHead(404).end()
      return
    }
    if (policy !== undefined) response.setHeader('content-security-policy', policy)
    response.setHeader('content-type', types[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream')
    response.end(await readFile(path))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const profile = mkdtempSync(join(tmpdir(), 'status-stack-browser-'))
  const url = `http://127.0.0.1:${server.address().port}/`
  const child = spawn(program, browsers[browser](profile, url), {
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, HOME: profile }
  })
  const ended = once(child, 'exit')
  try {
    const tooEarly = ended.then(() => {
      throw new Error(`${browser} ended without an outcome`)
    })
    const [body] = await Promise.race([once(server, 'outcome', { signal: AbortSignal.timeout(deadlineMs) }), tooEarly])
    const outcome = JSON.parse(String(body))
    if (outcome.error !== undefined) throw new Error(outcome.error)
    return outcome
  } finally {
    // A browser is a group of processes.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
    await ended.catch(() => undefined)
    server.closeAllConnections()
    server.close()
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
}
