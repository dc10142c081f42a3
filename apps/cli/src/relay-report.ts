import type { Tell } from '@status-stack/relay-node/reports'
import type { Output } from './output.ts'

/**
 * Prints what a relay or the connections of a client have to tell: everything for a program, for people what concerns them. With `brief`
 * they are told what became of their message, not of the connections that it took.
 */
export function reporter(output: Output, { brief = false }: { readonly brief?: boolean | undefined } = {}): Tell {
  return ({ event, text, audience }) => {
    if (output.json || audience === 'everybody' || (audience === 'connections' && !brief)) output.note(event, text)
    else if (audience !== 'programs') output.verbose(text)
  }
}
