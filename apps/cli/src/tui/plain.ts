import { createSkewMemory, noticeView, skewView } from '../clock-facts.ts'
import type { Globals } from '../globals.ts'
import { reportHistory } from '../mail/report.ts'
import { createOutput, type Output } from '../output.ts'
import { interruption, outputEnded } from '../signals.ts'
import { chatName, deliveryView, messageView, refusedView, type View } from '../view.ts'
import type { Effect } from './actions.ts'
import { followClient } from './events.ts'
import { editExternally, removeDrafts } from './external-editor.ts'
import { readLine } from './model.ts'
import type { ChatOptions } from './options.ts'
import { createPerformer, type TerminalFace } from './performer.ts'
import { usageError } from './references.ts'
import { openChat } from './start.ts'
import { chatId, initialState } from './state.ts'
import { createStore } from './store.ts'
import { pipedInput, terminalInput } from './typed-lines.ts'

/** Messages shown of a chat that is opened. */
const shownAtStart = 20
const help = 'a line is a message; /help lists the commands, /quit ends'

/** The messenger line by line: for screen readers, pipes and programs. The same commands as on the full screen. */
export async function lineByLine(options: ChatOptions, globals: Globals, plain: Output): Promise<void> {
  const { profile, account, target, settings, network, open } = await openChat(options, globals)
  const signal = interruption()
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true && !globals.json
  const input = terminal ? terminalInput() : pipedInput()
  // Text that arrives must not run into what is being typed: the prompt line is cleared and drawn again around it.
  const output = terminal
    ? createOutput({
        json: false,
        verbose: globals.verbose,
        stdout: process.stdout,
        stderr: process.stderr,
        beforePrint: () => process.stdout.write('\r\u001b[K'),
        afterPrint: () => input.prompt(true)
      })
    : plain
  const stack = await open(output)
  const { client } = stack
  let perform = (_: Effect): Promise<void> => Promise.resolve()
  const store = createStore(initialState(account.identity.publicKey, 80, 24, network), effect => {
    if (effect.type === 'seen' || effect.type === 'open' || effect.type === 'bell') void perform(effect)
  })
  const show = ({ event, text }: View): void => output.data(event, text)
  const note = ({ event, text }: View): void => output.note(event, `  ${text.trim()}`)
  let progressing = false
  const face: TerminalFace = {
    screen: false,
    say: note,
    page: (title, views, picture) => {
      output.note({ event: 'page', title, count: views.length }, `· ${title}`)
      if (picture !== undefined && !globals.json)
        for (const row of picture) output.verbatim({ event: 'picture', row }, row)
      for (const view of views) show(view)
    },
    // Once, not at every page: it is read aloud.
    progress: text => {
      if (text !== undefined && !progressing) output.note({ event: 'progress', text }, `· ${text}`)
      progressing = text !== undefined
    },
    edit: async () => {
      if (!terminal) throw usageError('an editor needs a terminal')
      input.pause()
      try {
        const text = await editExternally(profile, '', signal)
        if (text.trim() !== '') await enter(text)
      } finally {
        input.resume()
      }
    },
    suspend: () => {},
    redraw: () => {},
    bell: () => {
      if (terminal && globals.bell === 'on') process.stdout.write('\u0007')
    }
  }
  const ending = { signal, quit: () => input.close() }
  const performer = createPerformer(client, store, face, settings, ending)
  perform = performer.perform
  let opened = ''
  store.subscribe(() => {
    const { conversation } = store.get()
    if (conversation === undefined || conversation.id === opened) return
    opened = conversation.id
    output.note({ event: 'opened', id: conversation.id }, `· chatting with ${chatName(conversation.chat)}; ${help}`)
    for (const message of conversation.messages.slice(-shownAtStart)) show(messageView(message))
  })
  try {
    removeDrafts(profile, process.env)
    followClient(client, store, () => {})
    for (const chat of await client.chats()) store.dispatch({ type: 'chat', chat })
    for (const contact of await client.contacts()) store.dispatch({ type: 'contact', contact })
    if (target !== undefined) await performer.reader.open(target)
    client.on('message', message => {
      if (!message.outgoing || output.json) show(messageView(message))
    })
    client.on('change', ({ message, change }) => {
      const { event, text } = messageView(message)
      if (chatId(message.chat) === store.get().conversation?.id) show({ event: { ...event, event: change }, text })
    })
    client.on('delivery', fact => {
      const view = deliveryView(fact)
      const telling = fact.state === 'acknowledged' || fact.state === 'given-up' || fact.state === 'held'
      if (output.json || telling) output.note(view.event, view.text)
    })
    client.on('refused', fact => {
      const view = refusedView(fact)
      if (fact.expected && !output.json) output.verbose(view.text)
      else output.note(view.event, view.text)
    })
    const telling = createSkewMemory()
    client.on('skew', fact => {
      const view = skewView(fact)
      if (telling(fact) || output.json) output.note(view.event, view.text)
    })
    client.on('notice', fact => {
      const view = noticeView(fact)
      output.note(view.event, view.text)
    })
    reportHistory(client, output)
    await stack.start()
    if (globals.listen !== undefined)
      output.note({ event: 'listening', enode: stack.host.enode() }, `· ${stack.host.enode()}`)
    output.note(
      { event: 'ready' },
      target === undefined ? `· no chat is open: /to WHO or /join #NAME; ${help}` : '· ready'
    )
    for (const end of [signal, outputEnded]) end.addEventListener('abort', () => input.close(), { once: true })
    if (terminal) input.prompt()
    for await (const line of input.lines) {
      if (line.kind === 'text') {
        if (line.text.trim() === '/quit') break
        await enter(line.text.trim())
      } else {
        const text =
          line.kind === 'not-utf8' ? 'a line that is not UTF-8 was not sent' : 'a line that is too long was not sent'
        note({ event: { event: 'error', code: line.kind, message: text }, text })
      }
      if (terminal) input.prompt()
    }
  } finally {
    input.close()
    await stack.stop()
  }

  async function enter(text: string): Promise<void> {
    if (text === '') return
    const line = readLine(text)
    if ('name' in line) return perform({ type: 'command', ...line })
    const chat = store.get().conversation?.chat
    if (chat === undefined)
      note({ event: { event: 'error', code: 'no-chat' }, text: 'no chat is open: /to WHO or /join #NAME' })
    else await perform({ type: 'send', chat, text: line.text })
  }
}
