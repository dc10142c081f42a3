import { blobKinds } from '@status-stack/inspector/kinds'
import { Argument, type Command, Option } from 'commander'
import type { Action } from '../command.ts'
import { bootnodeOption, collect, count, examples, mailserverOption, peerOption, timeoutOption } from './flags.ts'

export function toolCommands(program: Command, action: Action): void {
  program
    .command('demo')
    .description('a relay, Alice, Bob and Carol as processes of their own, and what each layer does')
    .addOption(timeoutOption('longest time of one wait (default: 30)'))
    .addHelpText('after', examples(['watch it', 'demo']))
    .action(
      action(async (options, globals, output) => (await import('../demo/demo.ts')).demo(options, globals, output))
    )

  program
    .command('conformance')
    .description('run vector files against this implementation')
    .argument('[paths...]', 'files or folders; the built-in vectors without any')
    .option('--section <name>', 'only this section')
    .option('--explain <name>', 'show where the case of this name first differs')
    .addHelpText(
      'after',
      examples(
        ['everything', 'conformance'],
        ['one section of one file', 'conformance x3dh.json --section x3dh'],
        ['one case in full', 'conformance x3dh.json --explain x3dh-0']
      )
    )
    .action(
      action<import('../commands/conformance.ts').ConformanceOptions>(async (...all) =>
        (await import('../commands/conformance.ts')).conformance(...all)
      )
    )

  program
    .command('inspect')
    .description('take recorded bytes apart, layer by layer, with the keys at hand')
    .argument('[files...]', 'lines of hex or one binary blob each, - for stdin; several are one capture, in order')
    .option('--hex <digits>', 'the bytes themselves')
    .addOption(new Option('--kind <kind>', 'what each blob is').choices([...blobKinds]).default('auto'))
    .option('--keys <file>', 'JSON with private keys: identities, prekeys, generated, symmetric, and chats')
    .addOption(new Option('--chat <name>', 'a public chat to read; may be repeated').argParser(collect))
    .option('--profile-keys', 'with the identity key of the profile too')
    .addHelpText(
      'after',
      examples(
        [
          'an acknowledgement',
          'inspect --hex cab80220deadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeef'
        ],
        ['a capture, with keys', 'inspect capture.hex --keys keys.json --chat status'],
        ['what you were sent', 'inspect capture.hex --profile-keys'],
        ['from a pipe', 'inspect < capture.hex']
      )
    )
    .action(
      action<import('../commands/inspect.ts').InspectOptions>(async (...all) =>
        (await import('../commands/inspect.ts')).inspect(...all)
      )
    )

  program
    .command('doctor')
    .description('look for what keeps people from talking')
    .addOption(peerOption())
    .addOption(mailserverOption())
    .addOption(bootnodeOption())
    .option('--listen <address>', 'host:port on which a node would listen')
    .option('--nat <how>', 'how a node would open its ports: none, any, upnp, pmp[:IP] or extip:IP')
    .addOption(timeoutOption('longest wait for an answer (default: 10)'))
    .addHelpText(
      'after',
      examples(
        ['this machine', 'doctor'],
        ['and a relay', 'doctor --peer enode://…'],
        ['before a node is opened to the network', 'doctor --listen 0.0.0.0:30303']
      )
    )
    .action(
      action(async (options, globals, output) =>
        (await import('../commands/doctor.ts')).doctor(options, globals, output)
      )
    )

  const config = program
    .command('config')
    .description('show the settings and where they come from')
    .addHelpText(
      'after',
      examples(['what is in force, and why', 'config show --origin'], ['where the file is looked for', 'config path'])
    )
  config
    .command('show')
    .description('every setting with its value')
    .option('--origin', 'say where each value comes from: flag, environment, file or default')
    .addHelpText('after', examples(['what is in force', 'config show'], ['and why', 'config show --origin']))
    .action(
      action<import('../commands/config.ts').ShowOptions>(async (options, globals, output) =>
        (await import('../commands/config.ts')).showConfig(options, globals, output)
      )
    )
  config
    .command('path')
    .description('where the settings file is looked for')
    .addHelpText('after', examples(['edit it', 'config path']))
    .action(
      action(async (options, globals, output) =>
        (await import('../commands/config.ts')).configPath(options, globals, output)
      )
    )

  program
    .command('completion')
    .description('print a completion script')
    .addArgument(new Argument('<shell>', 'whose script').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      examples(
        ['bash', 'completion bash > ~/.local/share/bash-completion/completions/status-stack'],
        ['zsh', 'completion zsh > ~/.zfunc/_status-stack'],
        ['fish', 'completion fish > ~/.config/fish/completions/status-stack.fish']
      )
    )
    .action(
      action(async (_options, _globals, output, args) =>
        (await import('../commands/completion.ts')).completion(program, args, output)
      )
    )

  program
    .command('man', { hidden: true })
    .requiredOption('--out <folder>', 'where the pages go')
    .action(
      action<import('../commands/man.ts').ManOptions>(async (options, _globals, output) =>
        (await import('../commands/man.ts')).man(program, options, output)
      )
    )

  program
    .command('participant', { hidden: true })
    .addOption(peerOption())
    .addOption(mailserverOption())
    .option('--sync-retry-ms <ms>', 'first retry', count)
    .action(
      action<import('../demo/participant.ts').ParticipantOptions>(async (options, globals, output) =>
        (await import('../demo/participant.ts')).participant(options, globals, output)
      )
    )
}
