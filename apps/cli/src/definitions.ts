import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Action } from './program.ts'

const collect = (value: string, sofar: readonly string[] | undefined): readonly string[] => [...(sofar ?? []), value]

function positive(text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('expected a number above 0')
  return value
}

function count(text: string): number {
  const value = positive(text)
  if (!Number.isInteger(value)) throw new InvalidArgumentError('expected a whole number above 0')
  return value
}

const peerOption = (): Option =>
  new Option('--peer <enode>', 'enode URL to stay connected to; may be repeated').argParser(collect)
const listenOption = (): Option => new Option('--listen <address>', 'accept connections on host:port too')
const timeoutOption = (what: string): Option => new Option('--timeout <seconds>', what).argParser(positive)

const chaosOption = (): Option =>
  new Option('--chaos <kinds>', 'a bad network, for tests: loss=0.2,delay=300,dup=0.1,skew=90')

type Example = readonly [what: string, command: string]

function examples(...list: readonly Example[]): string {
  const width = Math.max(...list.map(([, command]) => command.length))
  return `\nExamples:\n${list.map(([what, command]) => `  status-stack ${command.padEnd(width)}   ${what}`).join('\n')}\n`
}

/** Every command, its flags and its examples. What it does is loaded only when it runs. */
export function defineCommands(program: Command, action: Action): void {
  program.addHelpText(
    'after',
    examples(
      ['see the whole stack at work', 'demo'],
      ['make an identity', 'init'],
      ['run a relay', 'node --listen 0.0.0.0:30303'],
      ['talk', 'chat --to zQ3sh… --peer enode://…@host:30303']
    )
  )
  accountCommands(program, action)
  networkCommands(program, action)
  toolCommands(program, action)
}

function accountCommands(program: Command, action: Action): void {
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
        ['without a terminal', 'init --password-file secret.txt']
      )
    )
    .action(
      action<import('./commands/init.ts').InitOptions>(async (options, globals, output) =>
        (await import('./commands/init.ts')).init(options, globals, output)
      )
    )

  program
    .command('whoami')
    .description('show the public key of the profile; needs no password')
    .addHelpText('after', examples(['the key to pass on', 'whoami'], ['for a program', 'whoami --json']))
    .action(
      action(async (options, globals, output) =>
        (await import('./commands/whoami.ts')).whoami(options, globals, output)
      )
    )
}

function networkCommands(program: Command, action: Action): void {
  program
    .command('node')
    .description('run a relay that others connect to')
    .option('--listen <address>', 'host:port to listen on (default: 127.0.0.1:30303)')
    .addOption(peerOption())
    .option('--ephemeral', 'a fresh key for this run: no password, another enode URL each time')
    .option('--light-kdf', 'encrypt a new key with less work: for tests and weak machines')
    .option('--min-pow <number>', 'lowest proof of work that is relayed', positive)
    .option('--max-peers <number>', 'most connections', count)
    .addHelpText(
      'after',
      examples(
        ['open to the network', 'node --listen 0.0.0.0:30303'],
        ['for a test', 'node --ephemeral --listen 127.0.0.1:0']
      )
    )
    .action(
      action<import('./commands/node.ts').NodeOptions>(async (options, globals, output) =>
        (await import('./commands/node.ts')).node(options, globals, output)
      )
    )

  program
    .command('send')
    .description('send one message; the text may come through stdin')
    .argument('[text]', 'what to say')
    .requiredOption('--to <who>', 'a public key, or #name of a public chat')
    .addOption(peerOption())
    .addOption(
      new Option('--wait <state>', 'how far to wait').choices(['posted', 'confirmed', 'acknowledged']).default('posted')
    )
    .addOption(timeoutOption('longest wait (default: 30)'))
    .addOption(chaosOption())
    .addHelpText(
      'after',
      examples(
        ['to a person', 'send --to zQ3sh… --peer enode://… "hello"'],
        ['to a public chat, from a pipe', 'send --to "#status" --peer enode://… < notes.txt']
      )
    )
    .action(
      action<import('./commands/send.ts').SendOptions>(async (...all) =>
        (await import('./commands/send.ts')).send(...all)
      )
    )

  program
    .command('listen')
    .description('print what arrives')
    .addOption(peerOption())
    .addOption(new Option('--join <name>', 'public chat to read; may be repeated').argParser(collect))
    .addOption(listenOption())
    .option('--count <number>', 'end after so many messages', count)
    .option('--for <seconds>', 'end after so many seconds', positive)
    .addOption(chaosOption())
    .addHelpText(
      'after',
      examples(
        ['messages to you', 'listen --peer enode://…'],
        ['a public chat as JSON', 'listen --json --join "#status" --peer enode://…']
      )
    )
    .action(
      action<import('./commands/listen.ts').ListenOptions>(async (options, globals, output) =>
        (await import('./commands/listen.ts')).listen(options, globals, output)
      )
    )

  program
    .command('chat')
    .description('a conversation, line by line')
    .requiredOption('--to <who>', 'a public key, or #name of a public chat')
    .addOption(peerOption())
    .addOption(listenOption())
    .addOption(chaosOption())
    .addHelpText(
      'after',
      examples(
        ['with a person', 'chat --to zQ3sh… --peer enode://…'],
        ['in public', 'chat --to "#status" --peer enode://…']
      )
    )
    .action(
      action<import('./commands/chat.ts').ChatOptions>(async (options, globals, output) =>
        (await import('./commands/chat.ts')).chat(options, globals, output)
      )
    )
}

function toolCommands(program: Command, action: Action): void {
  program
    .command('demo')
    .description('a relay, Alice, Bob and Carol as processes of their own, and what each layer does')
    .addOption(timeoutOption('longest time of one wait (default: 30)'))
    .addHelpText('after', examples(['watch it', 'demo'], ['for a program', 'demo --json']))
    .action(action(async (options, globals, output) => (await import('./demo/demo.ts')).demo(options, globals, output)))

  program
    .command('conformance')
    .description('run vector files against this implementation')
    .argument('[paths...]', 'files or folders; the built-in vectors without any')
    .option('--section <name>', 'only this section')
    .option('--explain <name>', 'show where the case of this name first differs')
    .addHelpText(
      'after',
      examples(['everything', 'conformance'], ['one section of one file', 'conformance x3dh.json --section bundle'])
    )
    .action(
      action<import('./commands/conformance.ts').ConformanceOptions>(async (...all) =>
        (await import('./commands/conformance.ts')).conformance(...all)
      )
    )

  const config = program.command('config').description('show the settings and where they come from')
  config
    .command('show')
    .description('every setting with its value')
    .option('--origin', 'say where each value comes from: flag, environment, file or default')
    .addHelpText('after', examples(['what is in force', 'config show'], ['and why', 'config show --origin']))
    .action(
      action<import('./commands/config.ts').ShowOptions>(async (options, globals, output) =>
        (await import('./commands/config.ts')).showConfig(options, globals, output)
      )
    )
  config
    .command('path')
    .description('where the settings file is looked for')
    .addHelpText('after', examples(['edit it', 'config path']))
    .action(
      action(async (options, globals, output) =>
        (await import('./commands/config.ts')).configPath(options, globals, output)
      )
    )

  program
    .command('completion')
    .description('print a completion script')
    .argument('<shell>', 'bash, zsh or fish')
    .addHelpText(
      'after',
      examples(['for bash', 'completion bash > ~/.local/share/bash-completion/completions/status-stack'])
    )
    .action(
      action(async (_options, _globals, output, args) =>
        (await import('./commands/completion.ts')).completion(program, args, output)
      )
    )

  program
    .command('man', { hidden: true })
    .requiredOption('--out <folder>', 'where the pages go')
    .action(
      action<import('./commands/man.ts').ManOptions>(async (options, _globals, output) =>
        (await import('./commands/man.ts')).man(program, options, output)
      )
    )

  program
    .command('participant', { hidden: true })
    .addOption(peerOption())
    .option('--sync-retry-ms <ms>', 'first retry', count)
    .action(
      action<import('./demo/participant.ts').ParticipantOptions>(async (options, globals, output) =>
        (await import('./demo/participant.ts')).participant(options, globals, output)
      )
    )
}
