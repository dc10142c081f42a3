import { type Command, Option } from 'commander'
import type { Action } from '../command.ts'
import { emojis } from '../emoji.ts'
import {
  bootnodeOption,
  chaosOption,
  discoverySwitch,
  examples,
  peerOption,
  pfsOption,
  timeoutOption
} from './flags.ts'

/** What `send` and every change of a message share: how it travels, and how long to wait. */
export function deliveryOptions(command: Command): Command {
  return command
    .addOption(peerOption())
    .addOption(discoverySwitch())
    .addOption(bootnodeOption())
    .addOption(
      new Option('--wait <state>', 'how far to wait').choices(['posted', 'confirmed', 'acknowledged']).default('posted')
    )
    .addOption(timeoutOption('longest wait (default: 30)'))
    .addOption(pfsOption())
    .addOption(chaosOption())
}

/** One-shot commands about one message; `send` is with the commands of the network. */
export function messageCommands(program: Command, action: Action): void {
  deliveryOptions(
    program
      .command('react')
      .description('react to a message')
      .argument('<message>', 'message id: 0x…')
      .argument('<emoji>', emojis.join(', '))
      .option('--off', 'take the reaction back')
  )
    .addHelpText(
      'after',
      examples(
        ['love it', 'react 0x3e91… love --peer enode://…@host:30303'],
        ['take it back', 'react 0x3e91… love --off --peer enode://…@host:30303']
      )
    )
    .action(
      action<import('../commands/messages.ts').ReactOptions>(async (...all) =>
        (await import('../commands/messages.ts')).react(...all)
      )
    )

  deliveryOptions(
    program
      .command('edit')
      .description('change the text of a message of yours')
      .argument('<message>', 'message id: 0x…')
      .argument('[text]', 'what it says from now on; - or nothing: from stdin')
  )
    .addHelpText(
      'after',
      examples(
        ['say it better', 'edit 0x3e91… "hello everybody" --peer enode://…@host:30303'],
        ['from a file', 'edit 0x3e91… --peer enode://…@host:30303 < notes.txt']
      )
    )
    .action(
      action<import('../messages/delivery.ts').WaitOptions>(async (...all) =>
        (await import('../commands/messages.ts')).edit(...all)
      )
    )

  deliveryOptions(
    program
      .command('delete')
      .description('delete a message of yours for all recipients')
      .argument('<message>', 'message id: 0x…')
      .option('--yes', 'do not ask')
  )
    .addHelpText('after', examples(['take it back', 'delete 0x3e91… --yes --peer enode://…@host:30303']))
    .action(
      action<import('../commands/messages.ts').DeleteOptions>(async (...all) =>
        (await import('../commands/messages.ts')).deleteMessage(...all)
      )
    )

  program
    .command('seen')
    .description('mark a conversation as read')
    .argument('<who>', 'a public key, #name of a public chat, or the id of a group')
    .addHelpText('after', examples(['a channel', 'seen "#status"']))
    .action(action(async (...all) => (await import('../commands/messages.ts')).seen(...all)))

  program
    .command('retry')
    .description('try now what is waiting')
    .argument('[who]', 'only what waits for this public key')
    .addOption(peerOption())
    .addOption(discoverySwitch())
    .addOption(bootnodeOption())
    .addOption(timeoutOption('longest wait for a peer (default: 30)'))
    .addOption(pfsOption())
    .addOption(chaosOption())
    .addHelpText('after', examples(['everything', 'retry --peer enode://…@host:30303']))
    .action(
      action<import('../commands/messages.ts').RetryOptions>(async (...all) =>
        (await import('../commands/messages.ts')).retry(...all)
      )
    )

  program
    .command('attachment')
    .description('write the image or sound of a message to a file')
    .argument('<message>', 'message id: 0x…')
    .requiredOption('--out <file>', 'a file that is not there yet, a folder, or - for stdout')
    .addHelpText('after', examples(['a picture', 'attachment 0x7a15… --out photo.png']))
    .action(
      action<import('../commands/messages.ts').AttachmentOptions>(async (...all) =>
        (await import('../commands/messages.ts')).attachment(...all)
      )
    )
}
