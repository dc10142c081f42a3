import type { Client } from '@status-stack/status-client'
import { describeError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import type { Effect } from './actions.ts'
import type { Face } from './command-context.ts'
import { done } from './command-context.ts'
import { runCommand } from './commands.ts'
import { createReader, type Reader } from './reader.ts'
import { withMentions } from './references.ts'
import type { Store } from './store.ts'

/** What the terminal can do besides showing. */
export interface TerminalFace extends Face {
  readonly suspend: () => void
  readonly redraw: () => void
  readonly bell: () => void
}

export interface Performer {
  /** Does it, and tells the person when it fails. */
  readonly perform: (effect: Effect) => Promise<void>
  readonly reader: Reader
}

/** Does what the state wants done: the only place where the client is changed. */
export function createPerformer(
  client: Client,
  store: Store,
  face: TerminalFace,
  settings: Pick<Globals, 'peers' | 'mailservers'>,
  ending: { readonly signal: AbortSignal; readonly quit: () => void }
): Performer {
  const reader = createReader(client, store)
  let running = new AbortController()
  const begin = (): AbortSignal => {
    running.abort()
    running = new AbortController()
    return AbortSignal.any([running.signal, ending.signal])
  }

  const work = async (effect: Effect): Promise<void> => {
    switch (effect.type) {
      case 'open':
        await reader.open(effect.chat)
        return
      case 'older':
        return reader.older()
      case 'newer':
        return reader.newer()
      case 'oldest':
        return reader.oldest(begin())
      case 'archive': {
        const text = await reader.archive(begin())
        if (text !== undefined) face.say(done(text, 'fetched'))
        return
      }
      case 'seen':
        await client.markSeen(effect.chat)
        return
      case 'send':
        await client.send(effect.chat, { text: withMentions(store.get(), effect.text) }, { signal: ending.signal })
        if (!client.connected()) face.say(done('no peer is connected; it is kept and sent when one is', 'queued'))
        return
      case 'command':
        await runCommand(
          {
            ...face,
            client,
            state: store.get,
            open: async chat => void (await reader.open(chat)),
            next: () => store.dispatch({ type: 'next' }),
            quit: ending.quit,
            signal: begin(),
            peers: settings.peers,
            mailservers: settings.mailservers
          },
          effect.name,
          effect.rest
        )
        // Not every change of a chat has an event.
        for (const chat of await client.chats()) store.dispatch({ type: 'chat', chat })
        return
      case 'cancel':
        return running.abort()
      case 'edit':
        return face.edit()
      case 'suspend':
        return face.suspend()
      case 'redraw':
        return face.redraw()
      case 'bell':
        return face.bell()
      case 'quit':
        return ending.quit()
    }
  }

  return {
    reader,
    perform: effect =>
      work(effect).catch((error: unknown) => {
        if (ending.signal.aborted) return
        const { code, message, hint } = describeError(error)
        const text = `${effect.type === 'send' ? 'not sent: ' : ''}${message}${hint === undefined ? '' : `; ${hint}`}`
        face.say({ event: { event: 'error', code, message, ...(hint === undefined ? {} : { hint }) }, text })
      })
  }
}
