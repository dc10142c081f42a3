import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Action } from '../command.ts'
import { collect, examples, moment } from './flags.ts'

function notNegative(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('expected a number, 0 or more')
  return value
}

/** After `node`, whose flags it has too. */
export function mailserverCommand(program: Command, action: Action): void {
  const command = program
    .command('mailserver')
    .description('run a relay that keeps what it relays, for clients that were offline')
    .addOption(
      new Option('--store <kind>', 'what the archive is kept in').choices(['level', 'postgres']).default('level')
    )
    .option('--postgres-url-file <file>', 'URL of the database of --store postgres (else STATUS_STACK_POSTGRES_URL)')
    .option('--archive <folder>', 'where the envelopes are kept (default: in the profile)')
    .option('--fsync', 'each envelope survives a loss of power too, not only the end of the process')
    .addOption(
      new Option('--retention <days>', 'keep envelopes so long; 0 for ever').argParser(notNegative).default(30)
    )
    .addOption(
      new Option('--rate-limit <seconds>', 'least time between two requests of one peer')
        .argParser(notNegative)
        .default(0)
    )
    .option('--mail-password-file <file>', 'password that requests are closed with (default: status-offline-inbox)')
    .option('--mail-key-file <file>', 'private key that requests may be closed to (default: the node’s)')
    .option('--bind-signer', 'answer only requests that are signed by the key of the node that sends them')
    .option('--no-plain-requests', 'answer no requests without signature and password')
    .addOption(
      new Option('--sync-from <enode>', 'take over the archive of this mailserver; may be repeated').argParser(collect)
    )
    .addOption(new Option('--since <time>', 'how far back --sync-from reaches (default: 24h)').argParser(moment))
    .addHelpText(
      'after',
      examples(
        ['open to the network', 'mailserver --listen 0.0.0.0:30303'],
        ['a second one, in step with the first', 'mailserver --listen 0.0.0.0:30304 --sync-from enode://…'],
        ['for a test', 'mailserver --ephemeral --archive archive --listen 127.0.0.1:0']
      )
    )
    .action(
      action<import('../commands/mailserver.ts').MailserverOptions>(async (options, globals, output) =>
        (await import('../commands/mailserver.ts')).mailserver(options, globals, output)
      )
    )
  for (const option of program.commands.find(other => other.name() === 'node')?.options ?? []) command.addOption(option)
}
