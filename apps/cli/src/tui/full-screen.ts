import type { ChatRef, Message } from '@status-stack/status-client'
import { openAccount } from '../account.ts'
import type { ChatOptions } from '../commands/chat.ts'
import { describeError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import type { Output } from '../output.ts'
import { readPassword } from '../password.ts'
import { profileOf } from '../profile.ts'
import { interruption } from '../signals.ts'
import { openStack, type Stack } from '../stack.ts'
import { parseTarget, withLink } from '../target.ts'
import { deliveryView, refusedView } from '../view.ts'
import { runCommand, withMentions } from './commands.ts'
import type { Effect } from './model.ts'
import { initialState } from './state.ts'
import { createStore, type Store } from './store.ts'
import { sizeOf, takeTerminal } from './terminal.ts'

/** Messages read from the store at a time. */
const pageSize = 60

/** Said again by a relay after every reconnection: nothing a person should be told. */
const expected: ReadonlySet<string> = new Set(['replayed', 'own-echo', 'duplicate'])

/** The full screen, until the person leaves it. */
export async function fullScreen(options: ChatOptions, globals: Globals, plain: Output): Promise<void> {
  const target = options.to === undefined ? undefined : parseTarget(options.to)
  const settings = options.to === undefined ? globals : withLink(options.to, globals)
  const profile = profileOf(globals)
  const account = await openAccount(profile, await readPassword(globals, 'open'))
  const signal = interruption()
  // React's other build is slower and made for those who write components.
  process.env['NODE_ENV'] ??= 'production'
  const { draw } = await import('./app.tsx')

  let finish = (): void => {}
  const finished = new Promise<void>(resolve => {
    finish = resolve
  })
  signal.addEventListener('abort', finish, { once: true })
  let perform = (_: Effect): void => {}
  const { width, height } = sizeOf()
  const store = createStore(initialState(account.identity.publicKey, width, height), effect => perform(effect))
  const output: Output = {
    ...plain,
    note: (_, text) => store.dispatch({ type: 'notice', text: text.trim() }),
    data: (_, text) => store.dispatch({ type: 'notice', text: text.trim() }),
    verbose: () => {}
  }
  const stack = await openStack(
    profile,
    account,
    {
      peers: settings.peers,
      mailservers: settings.mailservers,
      command: 'chat',
      pfs: globals.pfs,
      chaos: options.chaos,
      listen: globals.listen
    },
    output
  )
  const release: (() => void)[] = []
  try {
    const performer = createPerformer(stack, store, settings, signal, finish)
    perform = performer.perform
    release.push(...listen(stack, store))
    for (const chat of await stack.client.chats()) store.dispatch({ type: 'chat', chat })
    for (const contact of await stack.client.contacts()) store.dispatch({ type: 'contact', contact })
    const first = target ?? store.get().chats[0]?.chat
    if (first !== undefined) await performer.open(first)
    const resized = (): void => store.dispatch({ type: 'resize', ...sizeOf() })
    // Ours before the library's: it draws on the same event, and should find the new size.
    process.stdout.on('resize', resized)
    release.push(() => process.stdout.off('resize', resized))
    release.push(takeTerminal(key => store.dispatch({ type: 'key', key })))
    release.push(draw(store, process.env['NO_COLOR'] === undefined))
    if (signal.aborted) finish()
    // The last page is on the screen; the network comes after it.
    const started = stack.start().then(() => {
      if (globals.listen !== undefined) store.dispatch({ type: 'notice', text: stack.host.enode() })
    })
    await Promise.race([finished, started.then(() => finished)])
  } finally {
    for (const undo of release.reverse()) undo()
    await stack.stop()
  }
}

/** The client's events become actions. */
function listen({ client }: Stack, store: Store): readonly (() => void)[] {
  const { dispatch } = store
  const peers = (): void => dispatch({ type: 'peers', count: client.peers().length })
  peers()
  let counting = false
  // A message changes counts and order without an event of its chat. Many that arrive together are counted once.
  const recount = (): void => {
    if (counting) return
    counting = true
    setImmediate(() => {
      counting = false
      client.chats().then(
        chats => {
          const { conversation, scroll } = store.get()
          // What is looked at is marked as seen, and that has an event: an older count must not come after it.
          const others = chats.filter(({ id }) => id !== conversation?.id || scroll > 0)
          for (const chat of others) dispatch({ type: 'chat', chat })
        },
        () => {}
      )
    })
  }
  return [
    client.on('chat', chat => dispatch({ type: 'chat', chat })),
    client.on('contact', contact => dispatch({ type: 'contact', contact })),
    client.on('message', message => {
      dispatch({ type: 'message', message })
      recount()
    }),
    client.on('change', ({ message }) => dispatch({ type: 'changed', message })),
    client.on('peer', peers),
    client.on('delivery', fact => {
      if (fact.state === 'given-up' || (fact.state === 'held' && fact.reason !== 'offline'))
        dispatch({ type: 'notice', text: deliveryView(fact).text.trim() })
      void readLedgers(client, store, [fact.messageId])
    }),
    client.on('refused', fact => {
      if (!expected.has(fact.reason)) dispatch({ type: 'notice', text: refusedView(fact).text.trim() })
    }),
    client.on('history', ({ state, deliveries }) =>
      dispatch({
        type: 'progress',
        text: state === 'started' || state === 'page' ? `fetching history: ${deliveries} envelopes` : undefined
      })
    )
  ]
}

async function readLedgers(client: Stack['client'], store: Store, messageIds: readonly string[]): Promise<void> {
  const entries = await Promise.all(messageIds.map(id => client.ledger(id).catch(() => undefined)))
  // One action for all: each is a screen drawn.
  store.dispatch({ type: 'ledgers', entries: entries.filter(entry => entry !== undefined) })
}

function createPerformer(
  { client }: Stack,
  store: Store,
  settings: Globals,
  signal: AbortSignal,
  quit: () => void
): { readonly perform: (effect: Effect) => void; readonly open: (chat: ChatRef) => Promise<void> } {
  let running = new AbortController()
  const say = (text: string): void => store.dispatch({ type: 'notice', text })

  const ledgers = (messages: readonly Message[]): Promise<void> =>
    readLedgers(
      client,
      store,
      messages.flatMap(({ outgoing, messageId }) => (outgoing ? [messageId] : []))
    )
  const open = async (chat: ChatRef): Promise<void> => {
    if (chat.kind === 'public') await client.joinPublic(chat.name)
    const messages = await client.messages(chat, { limit: pageSize })
    store.dispatch({ type: 'opened', chat, messages: messages.toReversed(), complete: messages.length < pageSize })
    await ledgers(messages)
  }
  const older = async (): Promise<void> => {
    const { conversation } = store.get()
    if (conversation === undefined) return
    const { id, chat } = conversation
    const count = conversation.messages.length
    store.dispatch({ type: 'progress', text: `loading older messages, ${count} are here` })
    let messages: readonly Message[] = []
    let complete = false
    try {
      messages = await client.messages(chat, { limit: pageSize, before: conversation.messages[0]?.messageId })
      complete = messages.length < pageSize
    } finally {
      store.dispatch({ type: 'older', id, messages, complete })
      store.dispatch({ type: 'progress' })
    }
    await ledgers(messages)
  }
  const send = async (chat: ChatRef, text: string): Promise<void> => {
    await client.send(chat, { text: withMentions(store.get(), text) }, { signal })
    if (!client.connected()) say('no peer is connected; it is kept and sent when one is')
  }
  const command = (name: string, rest: string): Promise<void> => {
    running.abort()
    running = new AbortController()
    const { peers, mailservers } = settings
    return runCommand(
      {
        client,
        state: store.get,
        dispatch: store.dispatch,
        open,
        quit,
        signal: running.signal,
        peers,
        mailserver: mailservers[0]
      },
      name,
      rest
    )
  }
  const work = async (effect: Effect): Promise<void> => {
    switch (effect.type) {
      case 'open':
        return open(effect.chat)
      case 'older':
        return older()
      case 'seen':
        await client.markSeen(effect.chat)
        return
      case 'send':
        return send(effect.chat, effect.text)
      case 'command':
        return command(effect.name, effect.rest)
      case 'cancel':
        return running.abort()
      case 'quit':
        return quit()
    }
  }
  const perform = (effect: Effect): void => {
    work(effect).catch(failed(effect.type))
  }
  return { perform, open: chat => open(chat).catch(failed('open')) }

  function failed(kind: Effect['type']): (error: unknown) => void {
    return error => {
      if (signal.aborted) return
      const { message, hint } = describeError(error)
      say(`${kind === 'send' ? 'not sent: ' : ''}${message}${hint === undefined ? '' : `; ${hint}`}`)
    }
  }
}
