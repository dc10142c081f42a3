import type { Effect } from './actions.ts'
import { isCommand } from './command-table.ts'
import type { TerminalDisplay } from './effect-runner.ts'
import { readLine } from './on-keys.ts'
import type { Store } from './store.ts'
import { leadsElsewhere } from './switching.ts'

/** Does what was asked for, and answers whether it was done. */
export type Perform = (effect: Effect) => Promise<boolean>

/**
 * Takes lines: a command, or a message for the chat that is open. When another chat was asked for and is not there, the lines behind
 * it are sent nowhere: they were not meant for the chat before. A misspelt command may have been such a request, which a
 * person sees, and a pipe does not. Answers whether the line was done.
 */
export function createEntrance(
  store: Store,
  display: TerminalDisplay,
  perform: Perform,
  terminal: boolean
): (text: string) => Promise<boolean> {
  let missed: string | undefined
  const refuse = (text: string): false => {
    display.say({ event: { event: 'error', code: 'no-chat', message: text }, text })
    return false
  }
  return async text => {
    if (text === '') return true
    const line = readLine(text)
    if ('name' in line) {
      const { name, rest } = line
      const done = await perform({ type: 'command', name, rest })
      if (leadsElsewhere(name, rest) && (isCommand(name) || !terminal)) missed = done ? undefined : name.slice(0, 40)
      return done
    }
    const chat = store.get().conversation?.chat
    const way = '/to WHO or /join #NAME'
    if (missed !== undefined) return refuse(`not sent: /${missed} has opened no chat; ${way}`)
    return chat === undefined ? refuse(`no chat is open: ${way}`) : perform({ type: 'send', chat, text: line.text })
  }
}
