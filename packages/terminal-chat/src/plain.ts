import type { Account } from '@status-stack/account-rpc'
import { chatId } from '@status-stack/account-rpc/targets'
import {
  chatTitle,
  createSkewMemory,
  deliveryView,
  messageView,
  noticeView,
  type Output,
  refusedView,
  reportHistory,
  skewView,
  type View
} from '@status-stack/account-rpc/words'
import { createEffectRunner, type TerminalDisplay } from './effect-runner.ts'
import { createEntrance, type Perform } from './entrance.ts'
import { ChatError } from './errors.ts'
import { followAccount, readLists } from './events.ts'
import { editExternally } from './external-editor.ts'
import { createOpenedFiles, type OpenedFiles } from './opened-files.ts'
import { drawPicture } from './pictures.ts'
import { followPiped } from './piped.ts'
import { removeLeftovers } from './private-folder.ts'
import { usageError } from './references.ts'
import { initialState, namesOf } from './state.ts'
import { createStore, type Store } from './store.ts'
import type { Opening, Surroundings } from './surroundings.ts'
import { bellOf, noPictures, picturesOf, writeCopy } from './terminal-abilities.ts'
import { pipedInput, type TypedLines, terminalInput } from './typed-lines.ts'

/** Messages shown of a chat that is opened. */
const shownAtStart = 20
const help = 'a line is a message; /help lists the commands, /quit ends'

/** The messenger line by line: for screen readers, pipes and programs. The same commands as on the full screen. */
export async function lineByLine(opening: Opening, around: Surroundings): Promise<void> {
  const { self, target, network, words, daemon, open } = opening
  const { signal, outputEnded, settings, environment } = around
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true && !around.output.json
  const input = terminal ? terminalInput() : pipedInput()
  const output = terminal ? aroundPrompt(input, around) : around.output
  const gone = new AbortController()
  const chat = await open(output, is => onDaemon(is, gone, store, output))
  const { account } = chat
  let perform: Perform = () => Promise.resolve(true)
  const store = createStore({ ...initialState(self, 80, 24, network, words), daemon }, effect => {
    if (effect.type === 'seen' || effect.type === 'open' || effect.type === 'bell') void perform(effect)
  })
  const show = ({ event, text }: View): void => output.data(event, text)
  const files = createOpenedFiles(around, settings.opener, environment)
  const piped = terminal ? undefined : followPiped(chat.untilPosted)
  const display = lineDisplay(output, around, terminal, files, piped?.sent, async () => {
    input.pause()
    try {
      const text = await editExternally(around, '', signal, environment)
      if (text.trim() !== '') await enter(text)
    } finally {
      input.resume()
    }
  })
  const runner = createEffectRunner(
    account,
    store,
    display,
    { ...opening, ...around },
    { signal, quit: () => input.close() }
  )
  perform = runner.perform
  const enter = createEntrance(store, display, effect => perform(effect), terminal)
  showOpened(store, output, show)
  try {
    removeLeftovers(around, environment)
    followAccount(account, store, () => {})
    await readLists(account, store)
    if (target !== undefined) await runner.reader.open(await target(account))
    reportArrivals(account, store, output, show)
    reportHistory(account, output)
    const enode = await chat.start()
    if (enode !== undefined) output.note({ event: 'listening', enode }, `· ${enode}`)
    if (daemon !== undefined) output.note({ event: 'attached' }, '· attached to the daemon of this profile')
    output.note(
      { event: 'ready' },
      target === undefined ? `· no chat is open: /to WHO or /join #NAME; ${help}` : '· ready'
    )
    const ends = terminal ? [signal, outputEnded] : [signal, outputEnded, gone.signal]
    for (const end of ends) end.addEventListener('abort', () => input.close(), { once: true })
    if (terminal) input.prompt()
    let left = false
    for await (const line of input.lines) {
      left = line.kind === 'text' && line.text.trim() === '/quit'
      if (left) break
      if (line.kind === 'text') {
        if (!(await enter(line.text.trim()))) piped?.unsent()
      } else {
        display.say(unsentLine(line.kind))
        piped?.unsent()
      }
      if (terminal) input.prompt()
    }
    // Ended by the pipe, not by a person, a signal or a reader of our output who has gone.
    if (!left && !signal.aborted && !outputEnded.aborted)
      await piped?.finish(AbortSignal.any([signal, gone.signal])).catch(error => {
        throw gone.signal.aborted ? daemonGone() : error
      })
    if (gone.signal.aborted && !left && !terminal) throw daemonGone()
  } finally {
    input.close()
    await chat.stop()
    files.remove()
  }
}

const daemonGone = (): ChatError =>
  new ChatError(
    'environment',
    'daemon-gone',
    'the daemon of this profile has ended',
    'start it again; what was queued is kept'
  )

/** A person at a terminal waits for the daemon to be there again; what a pipe writes has nowhere to go. */
function onDaemon(is: 'attached' | 'gone', gone: AbortController, store: Store, output: Output): void {
  store.dispatch({ type: 'daemon', is })
  const text = store.get().notices.at(-1) ?? ''
  output.note({ event: 'daemon', state: is }, `· ${text}`)
  if (is === 'gone') gone.abort()
}

/** Text that arrives must not run into what is being typed: the prompt line is cleared and drawn again around it. */
const aroundPrompt = (input: TypedLines, { outputAround }: Pick<Surroundings, 'outputAround'>): Output =>
  outputAround({ before: () => process.stdout.write('\r\u001b[K'), after: () => input.prompt(true) })

/** How lines show what a command answers. */
function lineDisplay(
  output: Output,
  { settings, environment }: Pick<Surroundings, 'settings' | 'environment'>,
  terminal: boolean,
  files: OpenedFiles,
  sent: TerminalDisplay['sent'],
  edit: () => Promise<void>
): TerminalDisplay {
  let progressing = false
  return {
    screen: false,
    sent,
    say: ({ event, text }) => output.note(event, `  ${text.trim()}`),
    page: (title, views, picture) => {
      output.note({ event: 'page', title, count: views.length }, `· ${title}`)
      if (picture !== undefined && !output.json)
        for (const row of picture) output.verbatim({ event: 'picture', row }, row)
      for (const { event, text } of views) output.data(event, text)
    },
    // Once, not at every page: it is read aloud.
    progress: text => {
      if (text !== undefined && !progressing) output.note({ event: 'progress', text }, `· ${text}`)
      progressing = text !== undefined
    },
    edit: async () => {
      if (!terminal) throw usageError('an editor needs a terminal')
      await edit()
    },
    suspend: () => {},
    redraw: () => {},
    bell: terminal ? bellOf(settings, environment) : () => {},
    copy: terminal ? writeCopy : undefined,
    openFile: files.open,
    showPicture: async (bytes, type, name) => {
      const kind = terminal ? picturesOf(settings, environment) : undefined
      if (kind === undefined) throw noPictures()
      const { columns = 80, rows = 24 } = process.stdout
      const drawn = await drawPicture(kind, bytes, type, { columns: columns - 1, rows: rows - 2 })
      output.verbatim({ event: 'picture', row: name }, drawn)
    }
  }
}

/** Prints the newest messages of each chat that is opened. */
function showOpened(store: Store, output: Output, show: (view: View) => void): void {
  let opened = ''
  store.subscribe(() => {
    const { conversation } = store.get()
    if (conversation === undefined || conversation.id === opened) return
    opened = conversation.id
    output.note(
      { event: 'opened', id: conversation.id },
      `· chatting with ${chatTitle(conversation.chat, namesOf(store.get()))}; ${help}`
    )
    for (const message of conversation.messages.slice(-shownAtStart)) show(messageView(message, namesOf(store.get())))
  })
}

function unsentLine(code: 'not-utf8' | 'too-long'): View {
  const message = code === 'not-utf8' ? 'a line that is not UTF-8 was not sent' : 'a line that is too long was not sent'
  return { event: { event: 'error', code, message }, text: message }
}

/** Prints what arrives, and what becomes of what was sent. */
function reportArrivals(account: Pick<Account, 'on'>, store: Store, output: Output, show: (view: View) => void): void {
  account.on('message', message => {
    if (!message.outgoing || output.json) show(messageView(message, namesOf(store.get())))
  })
  account.on('change', ({ message, change }) => {
    const { event, text } = messageView(message, namesOf(store.get()))
    if (chatId(message.chat) === store.get().conversation?.id) show({ event: { ...event, event: change }, text })
  })
  account.on('delivery', fact => {
    const view = deliveryView(fact, namesOf(store.get()))
    const telling = fact.state === 'acknowledged' || fact.state === 'given-up' || fact.state === 'held'
    if (output.json || telling) output.note(view.event, view.text)
  })
  account.on('refused', fact => {
    const view = refusedView(fact, namesOf(store.get()))
    if (fact.expected && !output.json) output.verbose(view.text)
    else output.note(view.event, view.text)
  })
  const telling = createSkewMemory()
  account.on('skew', fact => {
    const view = skewView(fact)
    if (telling(fact) || output.json) output.note(view.event, view.text)
  })
  account.on('notice', fact => {
    const view = noticeView(fact)
    output.note(view.event, view.text)
  })
}
