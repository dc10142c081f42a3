import { setFlagsFromString } from 'node:v8'
import { CliError, describeError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import { endInOrder } from '../guard.ts'
import type { Output } from '../output.ts'
import { interruption } from '../signals.ts'
import type { Effect } from './actions.ts'
import { followClient } from './events.ts'
import { editExternally, removeDrafts } from './external-editor.ts'
import type { ChatOptions } from './options.ts'
import { createPerformer, type TerminalFace } from './performer.ts'
import { screenFace } from './screen-face.ts'
import { openChat } from './start.ts'
import { initialState } from './state.ts'
import { createStore, type Store } from './store.ts'
import { sizeOf, stopProcess, takeTerminal, wantsColor } from './terminal.ts'

/** Between two rings, milliseconds: many messages at once ring once. */
const quietMs = 2000

/** The full screen, until the person leaves it. */
export async function fullScreen(options: ChatOptions, globals: Globals, plain: Output): Promise<void> {
  const { profile, account, target, settings, network, open } = await openChat(options, globals)
  const signal = interruption()
  // The garbage of building the screen would raise the young generation to 32 MB for good; drawing a line needs none of it.
  setFlagsFromString('--semi-space-growth-factor=1')
  // React's other build is slower and made for those who write components.
  process.env['NODE_ENV'] ??= 'production'
  const { draw } = await import('./app.tsx')

  const { width, height } = sizeOf()
  let perform = (_: Effect): void => {}
  const store = createStore(initialState(account.identity.publicKey, width, height, network), effect => perform(effect))
  const say = (text: string): void => store.dispatch({ type: 'notice', text: text.trim() })
  const output: Output = {
    ...plain,
    note: (_, text) => say(text),
    data: (_, text) => say(text),
    verbatim: (_, text) => say(text),
    verbose: () => {}
  }
  const stack = await open(output)
  const { client } = stack
  const ending = createEnding(signal)
  const screen = createScreen(store, draw)
  const face: TerminalFace = {
    ...screenFace(store),
    edit: async () => {
      screen.hide()
      try {
        const text = await editExternally(profile, store.get().editor.text, signal)
        store.dispatch({ type: 'written', text })
      } finally {
        if (!ending.ended()) screen.show()
      }
    },
    suspend: screen.suspend,
    redraw: screen.redraw,
    bell: bellOf(globals.bell)
  }
  const release: (() => void)[] = []
  try {
    removeDrafts(profile, process.env)
    const performer = createPerformer(client, store, face, settings, { signal, quit: ending.finish })
    perform = effect => void performer.perform(effect)
    release.push(...followClient(client, store, face.say), ending.watch())
    for (const chat of await client.chats()) store.dispatch({ type: 'chat', chat })
    for (const contact of await client.contacts()) store.dispatch({ type: 'contact', contact })
    const first = target ?? store.get().chats[0]?.chat
    if (first !== undefined) await performer.perform({ type: 'open', chat: first })
    release.push(screen.watch())
    screen.show()
    release.push(screen.hide)
    // The last page is on the screen; the network comes after it.
    const started = stack.start().then(() => {
      if (globals.listen !== undefined) say(stack.host.enode())
    })
    await Promise.race([ending.finished, started.then(() => ending.finished)])
  } finally {
    for (const undo of release.reverse()) undo()
    await stack.stop()
  }
}

/** What ends the full screen: the person, a signal, a terminal that is gone, or an error of ours. */
function createEnding(signal: AbortSignal) {
  let over = false
  let resolve = (): void => {}
  let reject = (_: Error): void => {}
  const finished = new Promise<void>((yes, no) => {
    resolve = yes
    reject = no
  })
  finished.catch(() => {})
  const finish = (): void => {
    over = true
    resolve()
  }
  const fail = (error: unknown): void => {
    over = true
    reject(new CliError('failed', 'internal', `something went wrong inside: ${describeError(error).message}`))
  }
  if (signal.aborted) finish()
  else signal.addEventListener('abort', finish, { once: true })
  return {
    finish,
    finished,
    ended: () => over,
    /** Until the answered function is called, an uncaught error ends the screen in order. */
    watch: () => {
      const stopGuarding = endInOrder(fail)
      process.stdout.on('error', finish)
      process.stdin.on('end', finish)
      return () => {
        stopGuarding()
        process.stdin.off('end', finish)
      }
    }
  }
}

/** The terminal, taken and given back as often as needed. */
function createScreen(store: Store, draw: (store: Store, color: boolean) => () => void) {
  let shown: readonly (() => void)[] = []
  const hide = (): void => {
    for (const undo of shown) undo()
    shown = []
  }
  const show = (): void => {
    if (shown.length > 0) return
    store.dispatch({ type: 'resize', ...sizeOf() })
    const giveBack = takeTerminal(key => store.dispatch({ type: 'key', key }))
    shown = [draw(store, wantsColor(process.env)), giveBack]
  }
  const redraw = (): void => {
    if (shown.length === 0) return
    hide()
    show()
  }
  const suspend = (): void => {
    if (shown.length === 0) return
    hide()
    stopProcess(show)
  }
  return {
    show,
    hide,
    redraw,
    suspend,
    /** Follows the terminal's size, and its jobs. */
    watch: () => {
      const resized = (): void => store.dispatch({ type: 'resize', ...sizeOf() })
      // Ours before the library's: it draws on the same event, and should find the new size.
      process.stdout.on('resize', resized)
      process.on('SIGTSTP', suspend)
      process.on('SIGCONT', redraw)
      return () => {
        process.stdout.off('resize', resized)
        process.off('SIGTSTP', suspend)
        process.off('SIGCONT', redraw)
      }
    }
  }
}

function bellOf(setting: 'on' | 'off'): () => void {
  let last = Number.NEGATIVE_INFINITY
  return () => {
    const now = performance.now()
    if (setting === 'off' || now - last < quietMs) return
    last = now
    process.stdout.write('\u0007')
  }
}
