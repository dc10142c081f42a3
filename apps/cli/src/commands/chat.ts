import { setFlagsFromString } from 'node:v8'
import type { ChatOptions } from '../chat-opening.ts'
import { type Context, defineCommand } from '../command.ts'
import { CliError } from '../errors.ts'
import { connectionFlags, flag, pfsOption, settingFlag, simulateNetworkOption, timeoutOption } from '../flags.ts'

/** The full screen where there is one, else line by line. */
export const chat = defineCommand({
  name: 'chat',
  summary: 'the messenger on the full screen, or one conversation line by line',
  flags: [
    flag('--to <who>', 'a name, a public key, a contact link, #name of a public chat, or the id of a group', {
      words: 'chats'
    }),
    flag('--plain', 'line by line: for screen readers, and by itself where there is no terminal'),
    ...connectionFlags(),
    pfsOption(),
    settingFlag('bell'),
    timeoutOption('longest wait for what a pipe has written to be sent (default: 30)'),
    simulateNetworkOption()
  ],
  examples: [
    ['all chats', 'chat --peer enode://…@host:30303'],
    ['with a person', 'chat --to zQ3sh… --peer enode://…@host:30303'],
    ['with a contact', 'chat --to Bob --peer enode://…@host:30303'],
    ['line by line', 'chat --plain --to zQ3sh… --peer enode://…@host:30303'],
    ['in public', 'chat --to "#status" --peer enode://…@host:30303']
  ],
  load: () => import('@status-stack/terminal-chat'),
  run: async ({ options, globals, output }: Context<ChatOptions>, { canDraw, fullScreen, lineByLine }) => {
    const onScreen = options.plain !== true && !globals.json && canDraw(process.env)
    if (!onScreen && options.to === undefined && process.stdin.isTTY !== true) {
      throw new CliError(
        'usage',
        'to-missing',
        "required option '--to <who>' not specified",
        'it may be left out only on a terminal'
      )
    }
    const { chatSurroundings, openChat } = await import('../chat-opening.ts')
    const opening = await openChat(options, globals, output)
    const surroundings = chatSurroundings(globals, output)
    if (!onScreen) return lineByLine(opening, surroundings)
    // The garbage of building the screen would raise the young generation to 32 MB for good; drawing a line needs none of it.
    setFlagsFromString('--semi-space-growth-factor=1')
    // React's other build is slower and made for those who write components.
    process.env['NODE_ENV'] ??= 'production'
    await fullScreen(opening, surroundings)
  }
})
