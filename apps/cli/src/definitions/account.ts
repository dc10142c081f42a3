import type { Command } from 'commander'
import type { Action } from '../command.ts'
import { examples, mailserverOption, peerOption } from './flags.ts'

export function accountCommands(program: Command, action: Action): void {
  program
    .command('init')
    .description('make a new identity, encrypted under a password')
    .option('--private-key-file <file>', 'take over the private key in this file (64 hex digits)')
    .option('--light-kdf', 'encrypt with less work: for tests and weak machines')
    .addHelpText(
      'after',
      examples(
        ['make an identity', 'init'],
        ['a second one', 'init --profile work'],
        ['without a terminal', 'init --password-file password.txt'],
        ['from a key you have', 'init --private-key-file key.hex']
      )
    )
    .action(
      action<import('../commands/init.ts').InitOptions>(async (options, globals, output) =>
        (await import('../commands/init.ts')).init(options, globals, output)
      )
    )

  program
    .command('whoami')
    .description('show the public key of the profile; needs no password')
    .addHelpText('after', examples(['the key to pass on', 'whoami'], ['for a program', 'whoami --json']))
    .action(
      action(async (options, globals, output) =>
        (await import('../commands/whoami.ts')).whoami(options, globals, output)
      )
    )

  const account = program
    .command('account')
    .description('back up, restore and protect the identity')
    .addHelpText(
      'after',
      examples(
        ['the words that bring it back', 'account phrase'],
        ['a backup of everything', 'account export --out backup.json'],
        ['restore it', 'account import backup.json --profile restored']
      )
    )
  account
    .command('phrase')
    .description('show the recovery phrase')
    .addHelpText(
      'after',
      examples(['to write it down', 'account phrase'], ['of another profile', 'account phrase --profile work'])
    )
    .action(
      action(async (options, globals, output) =>
        (await import('../commands/account.ts')).phrase(options, globals, output)
      )
    )
  account
    .command('recover')
    .description('make a profile from a recovery phrase; this becomes a new device')
    .option('--phrase-file <file>', 'file with the words; asked for without')
    .option('--light-kdf', 'encrypt with less work: for tests and weak machines')
    .addHelpText(
      'after',
      examples(
        ['on a new machine', 'account recover'],
        ['from a file', 'account recover --phrase-file words.txt --profile old']
      )
    )
    .action(
      action<import('../commands/init.ts').RecoverOptions>(async (options, globals, output) =>
        (await import('../commands/init.ts')).recover(options, globals, output)
      )
    )
  account
    .command('password')
    .description('change the password')
    .option('--new-password-file <file>', 'file with the new one; asked for without')
    .addHelpText(
      'after',
      examples(
        ['asks for the new one', 'account password'],
        ['without a terminal', 'account password --password-file password.txt --new-password-file new-password.txt']
      )
    )
    .action(
      action<import('../commands/account.ts').PasswordOptions>(async (options, globals, output) =>
        (await import('../commands/account.ts')).password(options, globals, output)
      )
    )
  account
    .command('export')
    .description('write identity, contacts and messages to an encrypted file')
    .requiredOption('--out <file>', 'where to; must not exist')
    .addHelpText('after', examples(['a backup', 'account export --out backup.json']))
    .action(
      action<import('../commands/account.ts').ExportOptions>(async (options, globals, output) =>
        (await import('../commands/account.ts')).exportProfile(options, globals, output)
      )
    )
  account
    .command('import')
    .description('make a profile from such a file; this becomes a new device')
    .argument('<file>', 'what `account export` wrote')
    .option('--light-kdf', 'encrypt with less work: for tests and weak machines')
    .addHelpText('after', examples(['restore', 'account import backup.json --profile restored']))
    .action(
      action<import('../commands/account.ts').ImportOptions>(async (...all) =>
        (await import('../commands/account.ts')).importProfile(...all)
      )
    )
  account
    .command('remove')
    .description('delete the profile: its keys, contacts and messages')
    .option('--yes', 'do not ask')
    .addHelpText('after', examples(['one that you need no more', 'account remove --profile old --yes']))
    .action(
      action<import('../commands/account.ts').RemoveOptions>(async (options, globals, output) =>
        (await import('../commands/account.ts')).removeProfile(options, globals, output)
      )
    )

  program
    .command('verify')
    .description('show what two people compare to know that they have each other’s key')
    .argument('<who>', 'a public key')
    .addHelpText('after', examples(['before you trust a key', 'verify zQ3sh…']))
    .action(action(async (...all) => (await import('../commands/verify.ts')).verify(...all)))

  keysCommands(program, action)
}

function keysCommands(program: Command, action: Action): void {
  const keys = program
    .command('keys')
    .description('public keys in all forms, key files, contact links')
    .addHelpText(
      'after',
      examples(
        ['our own key in all forms', 'keys'],
        ['a link for others to reach you', 'keys link --peer enode://…@host:30303'],
        ['what a link holds', 'keys open "https://join.status.im/u/…"']
      )
    )
  keys
    .command('show', { isDefault: true })
    .description('all forms of a public key; our own without one')
    .argument('[key]', 'a public key in any form')
    .addHelpText('after', examples(['our own', 'keys'], ['another key', 'keys show zQ3sh…']))
    .action(action(async (...all) => (await import('../commands/keys.ts')).showKey(...all)))
  keys
    .command('generate')
    .description('make a private key in a file')
    .requiredOption('--out <file>', 'where to; must not exist')
    .addHelpText('after', examples(['for init --private-key-file', 'keys generate --out key.hex']))
    .action(
      action<import('../commands/keys.ts').GenerateOptions>(async (options, globals, output) =>
        (await import('../commands/keys.ts')).generateKey(options, globals, output)
      )
    )
  keys
    .command('public')
    .description('the public key of a private key file')
    .argument('<file>', 'file with 64 hex digits')
    .addHelpText('after', examples(['whose key is it', 'keys public key.hex']))
    .action(action(async (...all) => (await import('../commands/keys.ts')).publicKeyOfFile(...all)))
  keys
    .command('link')
    .description('the contact link of this profile: key, peers and mailserver')
    .addOption(peerOption())
    .addOption(mailserverOption())
    .addHelpText('after', examples(['to pass on', 'keys link --peer enode://…@host:30303']))
    .action(
      action(async (options, globals, output) =>
        (await import('../commands/keys.ts')).contactLink(options, globals, output)
      )
    )
  keys
    .command('open')
    .description('show what is in a contact link')
    .argument('<link>', 'https://… or status-im://…')
    .addHelpText('after', examples(['before you use it', 'keys open "https://join.status.im/u/…"']))
    .action(action(async (...all) => (await import('../commands/keys.ts')).openLink(...all)))
}
