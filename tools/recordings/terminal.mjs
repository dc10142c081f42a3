// A real terminal that is recorded: tmux in tmux. The inner one has the panes in which the program runs, and is driven; the outer one shows
// it on a pseudo-terminal, whose bytes become an asciicast and whose screen becomes the frames of a picture.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { root } from '../packed.mjs'
import { withoutKeys } from './keys.mjs'

const main = join(root, 'apps/cli/dist/main.js')
const stamp = fileURLToPath(new URL('stamp.mjs', import.meta.url))
const password = 'correct horse battery staple'

/** Why nothing can be recorded here; undefined when it can. */
export function missing() {
  if (spawnSync('tmux', ['-V']).status !== 0) return 'tmux is not installed'
  return existsSync(main) ? undefined : 'apps/cli is not built: run `pnpm build` first'
}

/** Milliseconds between two looks at the screen. */
const frameMs = 150
/** A watchdog for one thing that a scene waits for. */
const patienceMs = 120_000

/**
 * Plays a scene.
 * @param scene `panes`: names of the panes, side by side; `columns`, `rows`; `play` drives it
 * @param options `typing`: ms between two keys, 0 when nobody looks
 * @returns `frames` with their times in seconds, and the chunks of the pseudo-terminal: `[seconds, 'o', text]`
 */
export async function record({ panes, columns, rows, play }, { typing }) {
  const folder = mkdtempSync(join(tmpdir(), 'scene-'))
  // Short, as the program shows where it writes.
  const home = mkdtempSync(join(tmpdir(), 'you-'))
  writeFileSync(join(folder, 'password.txt'), `${password}\n`, { mode: 0o600 })
  writeFileSync(
    join(folder, 'rc'),
    `PS1='$ '; PROMPT_COMMAND=\nstatus-stack() { '${process.execPath}' '${main}' --password-file '${folder}/password.txt' "$@"; }\n`
  )
  const { CI: _, NO_COLOR: __, XDG_RUNTIME_DIR: ___, TMUX: ____, ...rest } = process.env
  const env = { ...rest, HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: `${home}/.config`, LC_ALL: 'C.UTF-8' }
  const tmux =
    socket =>
    (...args) =>
      execFileSync('tmux', ['-S', join(folder, socket), '-f', '/dev/null', '-u', ...args], { encoding: 'utf8', env })
  const [outer, inner] = [tmux('outer'), tmux('inner')]
  const children = []
  const shell = `bash --noprofile --rcfile '${folder}/rc' -i`
  try {
    inner('new-session', '-d', '-s', 'scene', '-x', `${columns}`, '-y', `${rows}`, '-c', home, shell)
    for (let more = 1; more < panes.length; more += 1) inner('split-window', '-h', '-t', 'scene', '-c', home, shell)
    inner('select-layout', '-t', 'scene', 'even-horizontal')
    const settings = { status: 'off', 'default-terminal': 'tmux-256color', 'escape-time': '0' }
    for (const [name, value] of Object.entries(settings)) inner('set-option', '-g', name, value)
    if (panes.length > 1) {
      inner('set-option', '-g', 'pane-border-status', 'top')
      inner('set-option', '-g', 'pane-border-format', ' #{pane_title} ')
    }
    for (const [at, name] of panes.entries()) inner('select-pane', '-t', `scene.${at}`, '-T', name)
    const stage = createStage({ panes, inner, folder, home, env, typing, children })
    await play.prepare?.(stage)
    outer(
      'new-session',
      '-d',
      '-s',
      'view',
      '-x',
      `${columns}`,
      '-y',
      `${rows}`,
      `tmux -S '${folder}/inner' -u attach -t scene`
    )
    outer('set-option', '-g', 'status', 'off')
    const cast = join(folder, 'cast')
    outer('pipe-pane', '-t', 'view', `'${process.execPath}' '${stamp}' '${cast}'`)
    const frames = []
    const begun = Date.now()
    let going = true
    const look = () => {
      const screen = outer('capture-pane', '-p', '-e', '-t', 'view').replace(/\n+$/, '')
      if (frames.at(-1)?.screen !== screen) frames.push({ seconds: (Date.now() - begun) / 1000, screen })
    }
    const camera = (async () => {
      while (going) {
        look()
        await pause(frameMs)
      }
    })()
    try {
      await play.run(stage)
    } finally {
      going = false
      await camera
    }
    look()
    outer('pipe-pane', '-t', 'view')
    await pause(300)
    const chunks = readFileSync(cast, 'utf8')
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line))
    return disguised({ columns, rows, frames, chunks }, home)
  } finally {
    const terminals = [inner, outer].flatMap(terminalsOf)
    await Promise.all([ended(terminals), ...children.map(killed)])
    for (const socket of ['outer', 'inner']) spawnSync('tmux', ['-S', join(folder, socket), 'kill-server'])
    for (const made of [folder, home]) rmSync(made, { recursive: true, force: true })
  }
}

/** Kills a child, and waits until it is gone. */
async function killed(child) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

/** The terminals of a tmux's panes; none when it does not run. */
function terminalsOf(tmux) {
  try {
    return tmux('list-panes', '-a', '-F', '#{pane_tty}').split('\n').filter(Boolean)
  } catch {
    return []
  }
}

/**
 * Kills what runs on these terminals, and waits until it is gone. A program that is only hung up on ends in its own time, and writes into
 * its folders until then.
 */
async function ended(terminals) {
  const deadline = Date.now() + patienceMs
  for (;;) {
    const pids = terminals.flatMap(name =>
      spawnSync('ps', ['-t', name.replace('/dev/', ''), '-o', 'pid='], { encoding: 'utf8' }).stdout.split('\n')
    )
    const running = pids.map(Number).filter(pid => pid > 0)
    if (running.length === 0) return
    if (Date.now() > deadline) throw new Error(`processes ${running.join(', ')} of the scene do not end`)
    for (const pid of running)
      try {
        process.kill(pid, 'SIGKILL')
      } catch (error) {
        if (error.code !== 'ESRCH') throw error
      }
    await pause(20)
  }
}

/** The same scene without the keys and the folder of the machine: other characters, as many. */
function disguised({ frames, chunks, ...size }, home) {
  const hide = text =>
    withoutKeys(text.replaceAll(home, '/home/you/.data'.padEnd(home.length, '_').slice(0, home.length)))
  let text = hide(chunks.map(([, , part]) => part).join(''))
  return {
    ...size,
    frames: frames.map(({ seconds, screen }) => ({ seconds, screen: hide(screen) })),
    chunks: chunks.map(([seconds, kind, part]) => {
      const shown = text.slice(0, part.length)
      text = text.slice(part.length)
      return [seconds, kind, shown]
    })
  }
}

/** What a scene drives. */
function createStage({ panes, inner, folder, home, env, typing, children }) {
  const paneOf = name => `scene.${panes.indexOf(name)}`
  const screen = name => inner('capture-pane', '-p', '-J', '-S', '-200', '-t', paneOf(name))
  const until = async (name, pattern) => {
    const deadline = Date.now() + patienceMs
    for (;;) {
      const found = pattern.exec(screen(name))
      if (found !== null) return found
      if (Date.now() > deadline) throw new Error(`${name}: ${pattern} never came:\n${screen(name)}`)
      await pause(100)
    }
  }
  const press = (name, ...keys) => inner('send-keys', '-t', paneOf(name), ...keys)
  return {
    home,
    until,
    press,
    /** Types a line and presses Enter. */
    type: async (name, text) => {
      for (const key of typing === 0 ? [text] : text) {
        // A `;` alone would end the command of tmux.
        inner('send-keys', '-t', paneOf(name), '-l', key === ';' ? '\\;' : key)
        if (typing > 0) await pause(typing)
      }
      if (typing > 0) await pause(10 * typing)
      press(name, 'Enter')
    },
    /** Time for a reader. */
    rest: seconds => pause(typing === 0 ? 0 : seconds * 1000),
    /** A program that runs beside the scene, with a folder of its own; resolves with what first fits. */
    beside: async (pattern, ...args) => {
      const child = spawn(process.execPath, [main, '--data-dir', join(folder, 'beside'), ...args], {
        env,
        stdio: ['ignore', 'pipe', 'ignore']
      })
      children.push(child)
      let said = ''
      for await (const text of child.stdout.setEncoding('utf8')) {
        said += text
        const found = pattern.exec(said)
        if (found !== null) return found[0]
      }
      throw new Error(`${args.join(' ')} ended: ${said}`)
    },
    /** A command that is not shown; answers what it wrote. */
    aside: (...args) =>
      execFileSync(process.execPath, [main, '--password-file', join(folder, 'password.txt'), ...args], {
        encoding: 'utf8',
        env,
        stdio: ['ignore', 'pipe', 'ignore']
      })
  }
}
