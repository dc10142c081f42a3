#!/usr/bin/env node
// Builds `messenger`, a program on status-go's own packages, and keeps it in the user's cache folder: the first build compiles
// SQLCipher and go-ethereum, several minutes; as long as the sources and the Go release are the same, the kept one is taken.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { constants, homedir, setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const sources = fileURLToPath(new URL('messenger', import.meta.url))
const self = fileURLToPath(import.meta.url)
const ethNode = 'github.com/status-im/status-go/eth-node'
/** A busy machine with two cores takes a quarter of an hour. */
const patienceMs = 40 * 60_000

/** @typedef {{ program: string } | { missing: string }} Built where the program is, or why it cannot be had. */

function cacheFolder() {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  if (process.platform === 'win32') return join(LOCALAPPDATA ?? tmpdir(), 'status-stack', 'interop')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'status-stack', 'interop')
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'status-stack', 'interop')
}

/** What the program is made of, as a name. */
function keyOf(goVersion) {
  const hash = createHash('sha256').update(goVersion).update(readFileSync(self))
  const files = readdirSync(sources, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  for (const path of files.map(({ parentPath, name }) => join(parentPath, name)).sort()) {
    hash.update(path.slice(sources.length)).update(readFileSync(path))
  }
  return hash.digest('hex').slice(0, 20)
}

function place() {
  const version = spawnSync('go', ['version'], { encoding: 'utf8' })
  if (version.status !== 0) return { missing: 'Go is not installed' }
  const folder = join(cacheFolder(), `messenger-${keyOf(version.stdout)}`)
  return { folder, program: join(folder, process.platform === 'win32' ? 'messenger.exe' : 'messenger') }
}

/**
 * The kept program, or a new one.
 * @param {(line: string) => void} say progress, for people
 * @returns {Promise<Built>}
 */
export async function buildMessenger(say) {
  const { missing, folder, program } = place()
  if (missing !== undefined) return { missing }
  const lock = `${folder}.building`
  while (!existsSync(program)) {
    mkdirSync(cacheFolder(), { recursive: true })
    if (await taken(lock, say)) continue
    try {
      await build(folder, say)
    } catch (error) {
      return { missing: error instanceof Error ? error.message : String(error) }
    } finally {
      rmSync(lock, { force: true })
    }
  }
  return { program }
}

/** Takes the lock; or, when another process that lives has it, waits until that has ended. */
async function taken(lock, say) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return false
  } catch {}
  say('another process is building the status-go messenger: waiting for it')
  while (held(lock)) await new Promise(resolve => setTimeout(resolve, 500))
  rmSync(lock, { force: true })
  return true
}

/** Whether the lock is there, its process lives, and it is not older than any build. */
function held(lock) {
  try {
    return Date.now() - statSync(lock).mtimeMs < patienceMs && alive(Number(readFileSync(lock, 'utf8')))
  } catch {
    return false
  }
}

function alive(pid) {
  // Written a moment ago, its number is not there yet.
  if (pid === 0) return true
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function build(folder, say) {
  const work = mkdtempSync(join(tmpdir(), 'status-stack-messenger-'))
  try {
    say('building the status-go messenger: the first time 8 to 10 minutes on two cores, kept afterwards')
    const answer = await go(['mod', 'download', '-json', `${ethNode}@v1.1.0`], sources)
    // The module itself is not writable, and go.mod may only replace it by a folder.
    cpSync(sources, work, { recursive: true })
    cpSync(JSON.parse(answer).Dir, join(work, 'eth-node'), { recursive: true })
    spawnSync('chmod', ['-R', 'u+w', join(work, 'eth-node')])
    cpSync(join(work, 'standins', 'ethnode', 'recover.go'), join(work, 'eth-node', 'crypto', 'recover.go'))
    await go(['mod', 'edit', `-replace=${ethNode}=./eth-node`], work)
    // A profiler among the dependencies names a symbol that newer Go hides; nothing here calls it.
    await go(['build', '-v', '-ldflags=-checklinkname=0', '-o', join(work, 'out/'), '.'], work, say)
    for (const old of readdirSync(cacheFolder()).filter(name => /^messenger-[0-9a-f]{20}$/.test(name))) {
      rmSync(join(cacheFolder(), old), { recursive: true, force: true })
    }
    mkdirSync(folder, { recursive: true })
    const name = process.platform === 'win32' ? 'messenger.exe' : 'messenger'
    cpSync(join(work, 'out', name.replace('messenger', 'status-stack-messenger')), join(folder, `${name}.new`))
    renameSync(join(folder, `${name}.new`), join(folder, name))
    say('the status-go messenger is built')
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Runs Go behind everything else on the machine; `-v` names each package that it compiles. */
function go(args, cwd, say) {
  return new Promise((resolve, reject) => {
    const child = spawn('go', args, { cwd, timeout: patienceMs, env: { ...process.env, GOFLAGS: '' } })
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW)
    const [lines, started] = [[], Date.now()]
    let output = ''
    child.stdout.on('data', data => {
      output += data
    })
    createInterface({ input: child.stderr }).on('line', line => lines.push(line))
    const progress = setInterval(() => {
      const minutes = ((Date.now() - started) / 60_000).toFixed(1)
      say?.(`building the status-go messenger: ${minutes} min, ${lines.length} modules and packages`)
    }, 30_000)
    child.once('error', reject)
    child.once('close', status => {
      clearInterval(progress)
      if (status === 0) resolve(output)
      else reject(new Error(`the status-go messenger cannot be built: ${reasonOf([...lines, ...output.split('\n')])}`))
    })
  })
}

/** The line that says why: which module was refused, or the first error of the compiler. */
function reasonOf(lines) {
  const said = lines.filter(line => line.trim() !== '')
  const refused = said.find(line => /"Error"|GOPROXY|Forbidden|Not Found|dial tcp|no such host/.test(line))
  if (refused !== undefined) return `a module cannot be had: ${refused.replace('"Error":', '').trim()}`
  return (said.find(line => /^\S+\.go:\d+/.test(line)) ?? said.at(-1) ?? 'no reason given').trim()
}

if (process.argv[1] === self) {
  const built = await buildMessenger(line => process.stderr.write(`· ${line}\n`))
  console.log(built.program ?? built.missing)
  process.exit('program' in built ? 0 : 1)
}
