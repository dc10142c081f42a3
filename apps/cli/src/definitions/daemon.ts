import type { Command } from 'commander'
import type { Action } from '../command.ts'
import { eventNames } from '../daemon/event-names.ts'
import { count, examples, positive } from './flags.ts'

export function callCommand(program: Command, action: Action): void {
  program
    .command('call')
    .description('call a method of a running daemon; no password is needed')
    .argument('[method]', 'its name; a wrong one is answered with those there are')
    .argument('[params]', 'a JSON object; - for stdin')
    .option('--socket <path>', 'where the daemon listens (default: the daemon of the profile)')
    .option('--subscribe <events>', `print events: ${eventNames.join(', ')}`)
    .option('--count <number>', 'end after so many events', count)
    .option('--for <seconds>', 'end after so many seconds', positive)
    .addHelpText(
      'after',
      examples(
        ['who it is', 'call identity'],
        ['send', `call send '{"chat":"#status","text":"hello"}'`],
        ['what arrives, for a minute', 'call --subscribe message --for 60']
      )
    )
    .action(
      action<import('../commands/call.ts').CallOptions>(async (...all) =>
        (await import('../commands/call.ts')).call(...all)
      )
    )
}
