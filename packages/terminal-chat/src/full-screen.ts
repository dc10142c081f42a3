import type { Account } from '@status-stack/account-rpc'
import type { Output } from '@status-stack/account-rpc/words'
import type { Effect } from './actions.ts'
import { keepDrafts } from './draft-keeper.ts'
import { createEffectRunner, type TerminalDisplay } from './effect-runner.ts'
import { ChatError } from './errors.ts'
import { followAccount, readLists, readPeers } from './events.ts'
import { editExternally } from './external-editor.ts'
import { createOpenedFiles, type OpenedFiles } from './opened-files.ts'
import { drawPicture, endOfPictures } from './pictures.ts'
import { removeLeftovers } from './private-folder.ts'
import { screenDisplay } from './screen-display.ts'
import { initialState } from './state.ts'
import { createStore, type Store } from './store.ts'
import type { Opening, Surroundings } from './surroundings.ts'
import { sizeOf, stopProcess, takeTerminal, untilKey, wantsColor } from './terminal.ts'
import { bellOf, noPictures, picturesOf, writeCopy } from './terminal-abilities.ts'

/** The full screen, until the person leaves it. */
export async function fullScreen(opening: Opening, around: Surroundings): Promise<void> {
  const { self, target, network, words, daemon, open } = opening
  const { signal, settings, environment, describe } = around
  const { draw } = await import('./app.tsx')

  const { width, height } = sizeOf()
  let perform = (_: Effect): void => {}
  const initial = { ...initialState(self, width, height, network, words), daemon }
  const store = createStore(initial, effect => perform(effect))
  const say = (text: string): void => store.dispatch({ type: 'notice', text: text.trim() })
  const output: Output = {
    ...around.output,
    note: (_, text) => say(text),
    data: (_, text) => say(text),
    verbatim: (_, text) => say(text),
    verbose: () => {}
  }
  const chat = await open(output, is => void onDaemon(account, store, is))
  const { account } = chat
  const ending = createEnding(around)
  const files = createOpenedFiles(around, settings.opener, environment)
  const screen = createScreen(store, wantsColor(environment), draw)
  const display = fullDisplay(around, store, screen, ending, files)
  const release: (() => void)[] = []
  let drafts: ReturnType<typeof keepDrafts> | undefined
  try {
    removeLeftovers(around, environment)
    const runner = createEffectRunner(
      account,
      store,
      display,
      { ...opening, ...around },
      { signal, quit: ending.finish }
    )
    perform = effect => void runner.perform(effect)
    drafts = keepDrafts(account, store, error => say(`your line could not be stored: ${describe(error).message}`))
    release.push(...followAccount(account, store, display.say), ending.watch())
    await readLists(account, store)
    const first = target === undefined ? store.get().chats[0]?.chat : await target(account)
    if (first !== undefined) await runner.perform({ type: 'open', chat: first })
    release.push(screen.watch())
    screen.show()
    release.push(screen.hide)
    // The last page is on the screen; the network comes after it.
    const started = chat.start().then(enode => {
      if (enode !== undefined) say(enode)
    })
    await Promise.race([ending.finished, started.then(() => ending.finished)])
  } finally {
    for (const undo of release.reverse()) undo()
    await drafts?.stop()
    await chat.stop()
    files.remove()
  }
}

/** The terminal as commands see it. What needs all of it takes it from the screen for a while. */
function fullDisplay(
  around: Pick<Surroundings, 'folder' | 'signal' | 'settings' | 'environment'>,
  store: Store,
  screen: ReturnType<typeof createScreen>,
  ending: ReturnType<typeof createEnding>,
  files: OpenedFiles
): TerminalDisplay {
  const { signal, settings, environment } = around
  return {
    ...screenDisplay(store),
    edit: async () => {
      screen.hide()
      try {
        const text = await editExternally(around, store.get().editor.text, signal, environment)
        store.dispatch({ type: 'written', text })
      } finally {
        if (!ending.ended()) screen.show()
      }
    },
    suspend: screen.suspend,
    redraw: screen.redraw,
    bell: bellOf(settings, environment),
    copy: text => writeCopy(text),
    openFile: files.open,
    showPicture: async (bytes, type, name) => {
      const kind = picturesOf(settings, environment)
      if (kind === undefined) throw noPictures()
      const { columns = 80, rows = 24 } = process.stdout
      const drawn = await drawPicture(kind, bytes, type, { columns: columns - 1, rows: rows - 2 })
      screen.hide()
      await untilKey(`${drawn}\r\n${name}: any key goes back`)
      process.stdout.write(endOfPictures(kind))
      if (!ending.ended()) screen.show()
    }
  }
}

/** A daemon that is there again may have heard of more than the screen shows. */
async function onDaemon(account: Account, store: Store, is: 'attached' | 'gone'): Promise<void> {
  store.dispatch({ type: 'daemon', is })
  if (is === 'gone') return
  await readPeers(account, store)
  // It may end again at once: then that is told.
  await readLists(account, store).catch(() => undefined)
}

/** What ends the full screen: the person, a signal, a terminal that is gone, or an error of ours. */
function createEnding({ signal, describe, onFatalError }: Pick<Surroundings, 'signal' | 'describe' | 'onFatalError'>) {
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
    reject(new ChatError('environment', 'internal', `something went wrong inside: ${describe(error).message}`))
  }
  if (signal.aborted) finish()
  else signal.addEventListener('abort', finish, { once: true })
  return {
    finish,
    finished,
    ended: () => over,
    /** Until the answered function is called, an uncaught error ends the screen in order. */
    watch: () => {
      const stopGuarding = onFatalError(fail)
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
function createScreen(store: Store, color: boolean, draw: (store: Store, color: boolean) => () => void) {
  let shown: readonly (() => void)[] = []
  const hide = (): void => {
    for (const undo of shown) undo()
    shown = []
  }
  const show = (): void => {
    if (shown.length > 0) return
    store.dispatch({ type: 'resize', ...sizeOf() })
    const giveBack = takeTerminal(key => store.dispatch({ type: 'key', key }))
    shown = [draw(store, color), giveBack]
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
