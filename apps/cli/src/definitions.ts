import type { Command } from 'commander'
import type { Action } from './command.ts'
import { accountCommands } from './definitions/account.ts'
import { conversationCommands } from './definitions/conversations.ts'
import { callCommand } from './definitions/daemon.ts'
import { examples } from './definitions/flags.ts'
import { mailserverCommand } from './definitions/mailserver.ts'
import { messageCommands } from './definitions/messages.ts'
import { networkCommands } from './definitions/network.ts'
import { toolCommands } from './definitions/tools.ts'

/** Every command, its flags and its examples. What it does is loaded only when it runs. */
export function defineCommands(program: Command, action: Action): void {
  program.addHelpText(
    'after',
    examples(
      ['see the whole stack at work', 'demo'],
      ['make an identity', 'init'],
      ['the public key to pass on', 'whoami'],
      ['run a relay', 'node --listen 0.0.0.0:30303'],
      ['talk with a person', 'chat --to zQ3sh… --peer enode://…@host:30303']
    )
  )
  accountCommands(program, action)
  networkCommands(program, action)
  mailserverCommand(program, action)
  callCommand(program, action)
  messageCommands(program, action)
  conversationCommands(program, action)
  toolCommands(program, action)
}
