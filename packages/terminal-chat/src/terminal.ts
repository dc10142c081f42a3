import type { Environment } from './environment.ts'
import { createKeyReader, type Key } from './keys.ts'

// Other screen, marked pastes, word of the keyboard's coming and going; lines that are too long are cut, never wrapped:
// a terminal that counts columns in another way than we do must not lose the rest of the screen.
const enter = '\u001b[?1049h\u001b[H\u001b[?2004h\u001b[?1004h\u001b[?7l'
const leave = '\u001b[?7h\u001b[?1004l\u001b[?2004l\u001b[?1049l\u001b[?25h'

/**
 * Whether the full screen can be shown: a real terminal on both sides, and no wish for plain lines.
 *
 * @example
 * ```ts
 * const show = canDraw(environment) ? fullScreen : lineByLine
 * ```
 */
export function canDraw(environment: Environment): boolean {
  const { TERM: term, INK_SCREEN_READER: reader, CI: ci } = environment
  return (
    process.stdin.isTTY === true &&
    process.stdout.isTTY === true &&
    term !== 'dumb' &&
    (reader ?? '') !== 'true' &&
    // The library draws nothing where it believes that no one looks.
    (ci === undefined || ci === '' || ci === '0' || ci === 'false')
  )
}

/** Whether colours are wanted: by the convention, any value that is not empty turns them off. */
export const wantsColor = (environment: Environment): boolean => (environment['NO_COLOR'] ?? '') === ''

/** The size to draw in: the last row stays free, else the terminal scrolls. */
export const sizeOf = (): { readonly width: number; readonly height: number } => ({
  width: process.stdout.columns || 80,
  height: Math.max(1, (process.stdout.rows || 24) - 1)
})

/** Shows something on a screen of its own until a key is pressed. */
export async function untilKey(drawing: string): Promise<void> {
  let giveBack = (): void => {}
  await new Promise<void>(resolve => {
    giveBack = takeTerminal(key => {
      const isFocus = key.kind === 'key' && key.name.startsWith('focus-')
      if (!isFocus) resolve()
    })
    process.stdout.write(`\u001b[2J\u001b[H${drawing}`)
  })
  giveBack()
}

/** Takes the terminal: other screen, single keys, marked pastes. The answered function gives it back. */
export function takeTerminal(onKey: (key: Key) => void): () => void {
  const { stdin, stdout } = process
  const reader = createKeyReader(onKey)
  let timer: NodeJS.Timeout | undefined
  const onData = (chunk: string): void => {
    clearTimeout(timer)
    reader.feed(chunk)
    const waitMs = reader.waitMs()
    if (waitMs !== undefined) timer = setTimeout(reader.flush, waitMs)
  }
  const restore = (): void => {
    stdout.write(leave)
  }
  // Whatever ends the process, the person gets their terminal back.
  process.once('exit', restore)
  stdout.write(enter)
  stdin.setEncoding('utf8')
  stdin.setRawMode(true)
  stdin.on('data', onData)
  stdin.resume()
  return () => {
    clearTimeout(timer)
    process.off('exit', restore)
    stdin.off('data', onData)
    try {
      stdin.setRawMode(false)
    } catch {
      // The terminal is gone: nothing will be typed any more.
    }
    stdin.pause()
    restore()
  }
}

/**
 * Stops the process as Ctrl+Z does, between giving the terminal back and taking it again. Where nothing could continue it
 * (no shell with jobs), the system does not stop it, and the screen comes back at once.
 */
export function stopProcess(resumed: () => void): void {
  const listeners = process.listeners('SIGTSTP')
  process.removeAllListeners('SIGTSTP')
  // The whole group, as the terminal would: the process that started us for this must stop too.
  process.kill(0, 'SIGTSTP')
  setImmediate(() => {
    for (const listener of listeners) process.on('SIGTSTP', listener)
    resumed()
  })
}
