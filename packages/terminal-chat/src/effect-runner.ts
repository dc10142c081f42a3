import type { Account } from '@status-stack/account-rpc'
import type { ChatJson } from '@status-stack/account-rpc/targets'
import type { View } from '@status-stack/account-rpc/words'
import type { Effect } from './actions.ts'
import type { Display } from './command-context.ts'
import { done } from './command-context.ts'
import { runCommand } from './commands.ts'
import { unreadChat } from './on-keys.ts'
import { createReader, type Reader } from './reader.ts'
import { withMentions } from './references.ts'
import type { Store } from './store.ts'
import type { CommandSurroundings, Opening, ToldError } from './surroundings.ts'
import { leadsElsewhere } from './switching.ts'

/** What the terminal can do besides showing. */
export interface TerminalDisplay extends Display {
  readonly suspend: () => void
  readonly redraw: () => void
  readonly bell: (title: string, text: string) => void
  /** A text of ours is stored, and on its way. */
  readonly sent?: ((messageId: string) => void) | undefined
}

export interface EffectRunner {
  /**
   * Does it, and tells the person when it fails; answers whether it was done. Texts, commands and changes of the chat are done one
   * after the other, in the order of the calls.
   */
  readonly perform: (effect: Effect) => Promise<boolean>
  readonly reader: Reader
}

type RunnerSurroundings = CommandSurroundings & Pick<Opening, 'peers' | 'mailservers'>

interface Ending {
  readonly signal: AbortSignal
  readonly quit: () => void
}

/** Does what the state wants done: the only place where the account is changed. */
export function createEffectRunner(
  account: Account,
  store: Store,
  display: TerminalDisplay,
  around: RunnerSurroundings,
  ending: Ending
): EffectRunner {
  const reader = createReader(account, store)
  const work = createWork(account, store, display, around, ending, reader)
  const inOrder = createOrder()
  return {
    reader,
    perform: async effect => {
      let succeeded = false
      try {
        await (hasTurn(effect) ? inOrder(() => work(effect), !isLong(effect)) : work(effect))
        succeeded = true
      } catch (error) {
        if (!ending.signal.aborted) display.say(failure(effect, around.describe(error)))
      }
      const awaited =
        effect.type === 'switch' ||
        effect.type === 'jump' ||
        (effect.type === 'command' && leadsElsewhere(effect.name, effect.rest))
      if (awaited) store.dispatch({ type: 'arrived', opened: succeeded })
      return succeeded
    }
  }
}

/** What each effect does. */
function createWork(
  account: Account,
  store: Store,
  display: TerminalDisplay,
  around: RunnerSurroundings,
  ending: Ending,
  reader: Reader
): (effect: Effect) => Promise<void> {
  let running = new AbortController()
  const begin = (): AbortSignal => {
    running.abort()
    running = new AbortController()
    return AbortSignal.any([running.signal, ending.signal])
  }

  const surroundings = {
    ...display,
    account,
    state: store.get,
    open: async (chat: ChatJson) => void (await reader.open(chat)),
    next: () => openUnread(store, reader),
    quit: ending.quit,
    peers: around.peers,
    mailservers: around.mailservers,
    files: around.files,
    noMailserver: around.noMailserver
  }
  const sendText = async (chat: ChatJson, text: string): Promise<void> => {
    const { messageId } = await account.send({ chat, text: withMentions(store.get(), text) }, { signal: ending.signal })
    display.sent?.(messageId)
  }
  return async effect => {
    switch (effect.type) {
      case 'open':
      case 'switch':
        await reader.open(effect.chat)
        return
      case 'jump':
        return reader.around(effect.chat, effect.messageId)
      case 'older':
        return reader.older()
      case 'newer':
        return reader.newer()
      case 'oldest':
        return reader.oldest(begin())
      case 'archive': {
        const text = await reader.archive(begin())
        if (text !== undefined) display.say(done(text, 'fetched'))
        return
      }
      case 'seen':
        await account.seen({ chat: effect.chat })
        return
      case 'send':
        await sendText(effect.chat, effect.text)
        if (store.get().peers === 0)
          display.say(done('no peer is connected; it is kept and sent when one is', 'queued'))
        return
      case 'command':
        await runCommand({ ...surroundings, signal: begin() }, effect.name, effect.rest)
        // Not every change of a chat has an event.
        for (const chat of await account.chats()) store.dispatch({ type: 'chat', chat, known: true })
        return
      case 'cancel':
        return running.abort()
      case 'edit':
        return display.edit()
      case 'suspend':
        return display.suspend()
      case 'redraw':
        return display.redraw()
      case 'bell':
        return display.bell(effect.title, effect.text)
      case 'quit':
        return ending.quit()
    }
  }
}

async function openUnread(store: Store, reader: Reader): Promise<boolean> {
  const item = unreadChat(store.get())
  if (item !== undefined) await reader.open(item.chat)
  return item !== undefined
}

/** What must not overtake each other: a text goes where its chat was, a command is about the chat that the one before has opened. */
const hasTurn = ({ type }: Effect): boolean =>
  type === 'send' || type === 'command' || type === 'open' || type === 'switch' || type === 'jump'

/** Commands that go on for long, or until the person ends them: what is typed meanwhile does not wait. */
const longCommands: ReadonlySet<string> = new Set(['search', 'fetch', 'retry', 'editor'])
const isLong = (effect: Effect): boolean => effect.type === 'command' && longCommands.has(effect.name)

/** Starts one after the other; what `holds` is awaited by the next one. */
function createOrder(): (run: () => Promise<void>, holds: boolean) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve()
  return async (run, holds) => {
    const started = last.then(() => ({ done: run() }))
    last = started.then(({ done }) => (holds ? done.catch(() => undefined) : undefined))
    await (await started).done
  }
}

function failure({ type }: Effect, { code, message, hint }: ToldError): View {
  const text = `${type === 'send' ? 'not sent: ' : ''}${message}${hint === undefined ? '' : `; ${hint}`}`
  return { event: { event: 'error', code, message, ...(hint === undefined ? {} : { hint }) }, text }
}
