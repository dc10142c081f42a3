// Programs that are measured, each a process of its own that prints lines of JSON.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** Where the processes of one run keep their files; removed at the end. */
export const scratch = mkdtempSync(join(tmpdir(), 'bench-peers-'))

const running = new Set()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(scratch, { recursive: true, force: true })
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))

let lastPort = 21_000 + (process.pid % 500) * 16
/** A port below the ephemeral range, where no outgoing connection lies. */
export function port() {
  lastPort = lastPort >= 31_900 ? 21_000 : lastPort + 1
  return lastPort
}

/** Whether a port of this machine takes connections. */
export function answers(number) {
  return new Promise(resolve => {
    const socket = connect(number, '127.0.0.1')
    const say = value => {
      socket.destroy()
      resolve(value)
    }
    socket.once('connect', () => say(true)).once('error', () => say(false))
  })
}

/** Keeps what a process prints: lines of JSON, and the end of its errors. */
function collect(child) {
  const output = { lines: [], errors: '', wake: () => undefined }
  let open = ''
  child.stdout.on('data', chunk => {
    const parts = (open + chunk).split('\n')
    open = parts.pop()
    for (const part of parts) if (part.startsWith('{')) output.lines.push(JSON.parse(part))
    output.wake()
  })
  child.stderr.on('data', chunk => {
    output.errors = (output.errors + chunk).slice(-2000)
  })
  return output
}

/**
 * Starts a program, on one core if `pin` names it. `until` waits for a line, `stop` ends it.
 */
export function start(command, args, { pin, checkout, ready = line => line.enode !== undefined } = {}) {
  const [file, ...rest] = pin === undefined ? [command, ...args] : ['taskset', '-c', String(pin), command, ...args]
  const env = { ...process.env, XDG_DATA_HOME: scratch, XDG_CONFIG_HOME: scratch, STATUS_STACK: checkout ?? '' }
  const child = spawn(file, rest, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  running.add(child)
  const output = collect(child)
  let gone = false
  const exited = new Promise(resolve => {
    child.once('exit', code => {
      running.delete(child)
      gone = true
      resolve(code)
      output.wake()
    })
  })
  const until = async (done, ms = 60_000) => {
    for (const end = Date.now() + ms; Date.now() < end; ) {
      const found = output.lines.find(done)
      if (found !== undefined) return found
      if (gone) throw new Error(`${command} ended: ${output.errors} ${JSON.stringify(output.lines.slice(-2))}`)
      const line = new Promise(resolve => {
        output.wake = resolve
      })
      await Promise.race([line, delay(200)])
    }
    throw new Error(`${command}: nothing after ${ms} ms: ${output.errors}`)
  }
  const stop = async () => {
    if (!gone) child.kill('SIGTERM')
    const forced = setTimeout(() => child.kill('SIGKILL'), 3000)
    await exited
    clearTimeout(forced)
  }
  return {
    pid: child.pid,
    child,
    lines: output.lines,
    until,
    ready: () => until(ready),
    exited,
    stop,
    errors: () => output.errors
  }
}

/** What a program that prints lines of JSON and ends has printed. */
export async function finished(command, args, settings) {
  const program = start(command, args, settings)
  const over = setTimeout(() => program.child.kill('SIGKILL'), 300_000)
  const code = await program.exited
  clearTimeout(over)
  await delay(10)
  if (code !== 0 || program.lines.length === 0) {
    const said = `${JSON.stringify(program.lines)} ${program.errors()}`
    throw new Error(`${command} ${args.slice(0, 2).join(' ')}: ${code} ${said}`)
  }
  return program.lines
}
