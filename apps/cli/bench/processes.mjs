// The built program as people run it: processes, timed from the outside.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const main = join(import.meta.dirname, '..', 'dist', 'main.js')

const patienceMs = 120_000
const environment = { ...process.env, NO_COLOR: '1', TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' }
delete environment.CI

/** A pseudo-terminal comes from util-linux; other systems have another `script`. */
export const hasTerminal =
  process.platform === 'linux' &&
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux')

export const nowNs = () => Number(process.hrtime.bigint())

/** Nanoseconds from start to end of a program. */
export function timedRun(command, args) {
  const began = nowNs()
  const { status, stderr } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env: environment })
  const ns = nowNs() - began
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`)
  return ns
}

/** The program that runs in the pseudo-terminal of `script`. */
function childOf(pid, command) {
  if (command !== 'script') return undefined
  const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
  return child === '' ? undefined : Number(child)
}

/** A program that stays: its output can be waited for. */
export function start(command, args) {
  const began = nowNs()
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env: environment })
  let text = ''
  let look = () => undefined
  const ended = new Promise(resolve => child.once('close', code => resolve(code)))
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', chunk => {
      text += chunk
      look()
    })
  }
  return {
    ended,
    processId: () => childOf(child.pid, command) ?? child.pid,
    /** Resolves with the match and the nanoseconds since the start. */
    until: pattern =>
      new Promise((resolve, reject) => {
        const fail = () =>
          reject(new Error(`${pattern} never came from ${command} ${args.join(' ')}:\n${text.slice(-400)}`))
        const timer = setTimeout(fail, patienceMs)
        look = () => {
          const match = pattern.exec(text)
          if (match === null) return
          clearTimeout(timer)
          resolve({ match, ns: nowNs() - began })
        }
        child.once('close', () => setImmediate(fail))
        look()
      }),
    type: keys => void child.stdin.write(keys),
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        process.kill(childOf(child.pid, command) ?? child.pid, 'SIGTERM')
      }
      await ended
    }
  }
}

/** The same in a pseudo-terminal of 100 × 40. */
export function startInTerminal(command, args) {
  const line = [command, ...args].map(word => `'${word}'`).join(' ')
  return start('script', ['-qfec', `stty cols 100 rows 40; exec ${line}`, '/dev/null'])
}

/** Resident memory of a process, bytes. */
export function residentBytes(pid) {
  return 1024 * Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }))
}
