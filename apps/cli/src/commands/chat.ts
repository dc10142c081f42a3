import { CliError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import type { Output } from '../output.ts'
import type { ChatOptions } from '../tui/options.ts'

/** The full screen where there is one, else line by line. */
export async function chat(options: ChatOptions, globals: Globals, output: Output): Promise<void> {
  const { canDraw } = await import('../tui/terminal.ts')
  if (options.plain !== true && !globals.json && canDraw(process.env)) {
    const { fullScreen } = await import('../tui/full-screen.ts')
    return fullScreen(options, globals, output)
  }
  if (options.to === undefined && process.stdin.isTTY !== true) {
    throw new CliError(
      'usage',
      'to-missing',
      "required option '--to <who>' not specified",
      'it may be left out only on a terminal'
    )
  }
  const { lineByLine } = await import('../tui/plain.ts')
  await lineByLine(options, globals, output)
}
