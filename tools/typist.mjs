// Types lines of a text in a shell, as its reader does, and looks at what programs print.
import { spawn } from 'node:child_process'

/** The lines of a shell block that somebody types: no comments, and what goes on in the next line joined. */
export const typedLines = code =>
  code
    .replaceAll(/ \\\n\s*/g, ' ')
    .split('\n')
    .map(line => line.replace(/(^|\s+)# .*$/, ''))
    .filter(line => line !== '')

/**
 * What one program prints, or several in turn.
 * @param patienceMs how long `until` waits: a watchdog, generous
 */
export function createTranscript(patienceMs) {
  let text = ''
  const looking = new Set()
  return {
    text: () => text,
    /**
     * Takes down what a program prints on both its outputs, or why it could not be started. Resolves once it has ended, with its exit code:
     * `null` after a signal.
     */
    take: child => {
      const hear = chunk => {
        text += chunk
        for (const look of looking) look()
      }
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', hear)
      child.once('error', error => hear(`${error.message}\n`))
      return new Promise(resolve => child.once('close', resolve))
    },
    /** Resolves with the match as soon as what was printed fits; rejects after `patienceMs`, or when `ended` resolves without one. */
    until: (pattern, ended) =>
      new Promise((resolve, reject) => {
        const settle = act => {
          clearTimeout(watchdog)
          looking.delete(look)
          act()
        }
        const look = () => {
          const match = pattern.exec(text)
          if (match !== null) settle(() => resolve(match))
        }
        const giveUp = () => settle(() => reject(new Error(`${pattern} was never printed, but:\n${text}`)))
        const watchdog = setTimeout(giveUp, patienceMs)
        looking.add(look)
        look()
        ended?.then(giveUp, giveUp)
      })
  }
}

/**
 * Types one line. Resolves once it has ended well, or says that it goes on; rejects when it ends otherwise, or does neither in time.
 * @param input `line`; `cwd` and `env` of the shell; `saysItGoesOn`: what a line prints that goes on; `patienceMs`: a watchdog; `transcript`: of all
 * that its reader sees
 * @returns `text()`: what the line has printed; `goesOn`; `end()`: ends it and all that it started, and resolves with its exit code
 */
export async function typeLine({ line, cwd, env, saysItGoesOn, patienceMs, transcript }) {
  // A single command takes the place of the shell, whose exit code would be seen in place of its own; variables for it stand before.
  const isSingle = !/[&|;]/.test(line.replace(/'[^']*'|"[^"]*"/g, ''))
  const script = isSingle ? line.replace(/^(?:\w+=\S* )*/, '$&exec ') : line
  const child = spawn('sh', ['-c', script], { cwd, env, stdio: 'pipe', detached: true })
  const isOver = () => child.exitCode !== null || child.signalCode !== null
  const kill = signal => isOver() || process.kill(-child.pid, signal)
  void transcript?.take(child)
  const own = createTranscript(patienceMs)
  const ended = own.take(child)
  const goesOn = await own.until(saysItGoesOn, ended).then(
    () => true,
    error => {
      if (child.exitCode === 0) return false
      kill('SIGKILL')
      throw new Error(`${line}: ${error.message}`)
    }
  )
  return {
    text: own.text,
    goesOn,
    end: () => {
      kill('SIGTERM')
      return ended
    }
  }
}
