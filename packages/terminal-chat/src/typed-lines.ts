import { createInterface } from 'node:readline'
import { type Line, linesOf, raceAbort } from '@status-stack/utils'
import { limits } from './limits.ts'

/** Lines as they are typed or piped in. */
export interface TypedLines {
  readonly lines: AsyncIterable<Line>
  /** Draws the prompt; with `kept` what is being typed stays. */
  readonly prompt: (kept?: boolean) => void
  readonly pause: () => void
  readonly resume: () => void
  /** Ends the lines. */
  readonly close: () => void
}

/** Lines that are typed on a terminal, with its editing keys. Ctrl+C ends them. */
export function terminalInput(): TypedLines {
  const reader = createInterface({ input: process.stdin, output: process.stdout, terminal: true, prompt: '> ' })
  reader.on('SIGINT', () => reader.close())
  // From now on: what is typed before the chat is ready waits instead of being lost.
  const typed = reader[Symbol.asyncIterator]()
  return {
    lines: (async function* () {
      for await (const text of { [Symbol.asyncIterator]: () => typed }) yield { kind: 'text', text } as const
    })(),
    prompt: kept => reader.prompt(kept),
    pause: () => void reader.pause(),
    resume: () => void reader.resume(),
    close: () => reader.close()
  }
}

/** Lines of a pipe or a file: bytes, so that what is not UTF-8 is not sent as something else. */
export function pipedInput(stdin: NodeJS.ReadStream = process.stdin): TypedLines {
  const over = new AbortController()
  return {
    lines: until(linesOf(stdin, limits.textBytes), over.signal),
    prompt: () => {},
    pause: () => {},
    resume: () => {},
    close: () => {
      over.abort()
      // A read that is under way must not keep the process.
      stdin.destroy()
    }
  }
}

/** The lines up to an end that may come while one is waited for. */
async function* until(lines: AsyncGenerator<Line>, signal: AbortSignal): AsyncGenerator<Line> {
  try {
    for (;;) {
      const step = await raceAbort(lines.next(), signal)
      if (step.done === true) return
      yield step.value
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
