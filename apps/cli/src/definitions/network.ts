import { type Command, Option } from 'commander'
import type { Action } from '../command.ts'
import {
  bootnodeOption,
  chaosOption,
  collect,
  count,
  discoverySwitch,
  examples,
  hostOption,
  listenOption,
  mailserverOption,
  originOption,
  peerOption,
  pfsOption,
  port,
  positive,
  sinceOption,
  timeoutOption,
  untilOption
} from './flags.ts'
import { deliveryOptions } from './messages.ts'

export function networkCommands(program: Command, action: Action): void {
  program
    .command('node')
    .description('run a relay that others connect to')
    .option('--listen <address>', 'host:port to listen on (default: 127.0.0.1:30303)')
    .addOption(peerOption())
    .option('--discovery', 'find peers by discovery v4 (default: when there are bootnodes)')
    .option('--no-discovery', 'turn discovery off although there are bootnodes')
    .addOption(bootnodeOption())
    .option('--discovery-port <port>', 'UDP port of discovery (default: the port of --listen)', port)
    .option('--nat <how>', 'open ports and learn the address: none, any, upnp, pmp[:IP] or extip:IP (default: none)')
    .option('--net-restrict <networks>', 'keep to these networks: CIDR masks with commas between')
    .addOption(
      new Option('--trusted <enode>', 'let this node in beyond the limits; may be repeated').argParser(collect)
    )
    .option('--ephemeral', 'a fresh key for this run: no password, another enode URL each time')
    .option('--light-kdf', 'encrypt a new key with less work: for tests and weak machines')
    .option('--min-pow <number>', 'lowest proof of work that is relayed', positive)
    .option('--max-peers <number>', 'most connections', count)
    .option('--max-pending <number>', 'most connections whose handshake is in progress (default: 50)', count)
    .option('--dial-ratio <number>', 'with discovery, dial one of this many connections itself (default: 3)', count)
    .option('--light', 'a light node: relays nothing, takes what the filters of its API admit')
    .option('--metrics <address>', 'serve /metrics (Prometheus), /healthz and /readyz over HTTP on host:port')
    .addOption(hostOption('--metrics-host', 'host name by which they may be asked for; may be repeated'))
    .option(
      '--status-interval <seconds>',
      'report peers, envelopes and bytes at this interval; SIGUSR2 reports at once',
      positive
    )
    .option('--shh-ipc <path>', 'serve the shh API of go-ethereum on a Unix socket')
    .option('--shh-http <address>', 'serve it over HTTP on host:port')
    .option('--shh-ws <address>', 'serve it over WebSocket on host:port')
    .addOption(hostOption('--shh-host', 'host name by which the API may be asked for; may be repeated'))
    .addOption(
      originOption('--shh-http-origin', 'web origin whose pages may use it over HTTP (default: none); may be repeated')
    )
    .addOption(originOption('--shh-ws-origin', 'the same over WebSocket (default: http://localhost); may be repeated'))
    .option('--secret-file <file>', 'hex of 32 bytes or more that signs the tokens of the API; needed beyond loopback')
    .addHelpText(
      'after',
      examples(
        ['open to the network', 'node --listen 0.0.0.0:30303'],
        ['that finds its peers', 'node --listen 0.0.0.0:30303 --nat any --bootnode enode://…'],
        ['watched by Prometheus', 'node --metrics 127.0.0.1:9303'],
        ['for a test', 'node --ephemeral --listen 127.0.0.1:0'],
        ['with the shh API', 'node --shh-http 127.0.0.1:8545'],
        ['for a web page too', 'node --shh-http 127.0.0.1:8545 --shh-http-origin https://app.example']
      )
    )
    .action(
      action<import('../commands/node.ts').NodeOptions>(async (options, globals, output) =>
        (await import('../commands/node.ts')).node(options, globals, output)
      )
    )

  deliveryOptions(
    program
      .command('send')
      .description('send one message')
      .argument('[text]', 'what to say; - or nothing: from stdin')
      .requiredOption('--to <who>', 'a public key, a contact link, #name of a public chat, or the id of a group')
      .option('--reply-to <message>', 'message id that it answers: 0x…')
      .option('--image <file>', 'PNG, JPEG, WEBP or GIF; - for stdin; the text goes with it')
      .option('--audio <file>', 'AAC or AMR; - for stdin')
      .option('--duration <seconds>', 'how long the sound is', positive)
      .option('--sticker <sticker>', 'PACK/HASH')
      .option('--emoji', 'the text is emoji, to be shown large')
      .option('--client-tag <tag>', 'your own id for this message: the same tag again sends nothing')
      .addOption(mailserverOption())
  )
    .addHelpText(
      'after',
      examples(
        ['to a person', 'send --to zQ3sh… --peer enode://…@host:30303 "hello"'],
        ['to a public chat, from a file', 'send --to "#status" --peer enode://…@host:30303 < notes.txt'],
        ['until a device of theirs has it', 'send --to zQ3sh… --peer enode://…@host:30303 --wait acknowledged "hello"'],
        ['once, however often it runs', 'send --to zQ3sh… --peer enode://…@host:30303 --client-tag job-7 "done"']
      )
    )
    .action(
      action<import('../commands/send.ts').SendOptions>(async (...all) =>
        (await import('../commands/send.ts')).send(...all)
      )
    )

  program
    .command('listen')
    .description('print what arrives')
    .addOption(peerOption())
    .addOption(mailserverOption())
    .addOption(discoverySwitch())
    .addOption(bootnodeOption())
    .addOption(new Option('--join <name>', 'public chat to read; may be repeated').argParser(collect))
    .addOption(listenOption())
    .option('--count <number>', 'end after this many messages', count)
    .option('--for <seconds>', 'end after this many seconds', positive)
    .addOption(chaosOption())
    .addHelpText(
      'after',
      examples(
        ['messages to you', 'listen --peer enode://…@host:30303'],
        ['a public chat as JSON', 'listen --json --join "#status" --peer enode://…@host:30303'],
        ['its next message, within a minute', 'listen --count 1 --for 60 --join "#status" --peer enode://…@host:30303']
      )
    )
    .action(
      action<import('../commands/listen.ts').ListenOptions>(async (options, globals, output) =>
        (await import('../commands/listen.ts')).listen(options, globals, output)
      )
    )

  program
    .command('fetch')
    .description('fetch from a mailserver what arrived while this profile was offline, and print it')
    .argument('[who...]', 'public keys, contact links, #names or ids of groups; everything without')
    .addOption(sinceOption())
    .addOption(untilOption())
    .addOption(mailserverOption())
    .addOption(peerOption())
    .addOption(timeoutOption('longest wait for a mailserver (default: 30)'))
    .addOption(chaosOption())
    .addHelpText(
      'after',
      examples(
        ['what was missed', 'fetch --mailserver enode://…'],
        ['a public chat, the last week', 'fetch "#status" --since 7d --mailserver enode://…']
      )
    )
    .action(
      action<import('../commands/fetch.ts').FetchOptions>(async (...all) =>
        (await import('../commands/fetch.ts')).fetchCommand(...all)
      )
    )

  program
    .command('chat')
    .description('the messenger on the full screen, or one conversation line by line')
    .option('--to <who>', 'a public key, a contact link, #name of a public chat, or the id of a group')
    .option('--plain', 'line by line: for screen readers, and by itself where there is no terminal')
    .addOption(peerOption())
    .addOption(mailserverOption())
    .addOption(discoverySwitch())
    .addOption(bootnodeOption())
    .addOption(listenOption())
    .addOption(pfsOption())
    .addOption(
      new Option('--bell <switch>', 'ring when a message arrives in a chat that is not shown').choices(['on', 'off'])
    )
    .addOption(chaosOption())
    .addHelpText(
      'after',
      examples(
        ['all chats', 'chat --peer enode://…@host:30303'],
        ['with a person', 'chat --to zQ3sh… --peer enode://…@host:30303'],
        ['line by line', 'chat --plain --to zQ3sh… --peer enode://…@host:30303'],
        ['in public', 'chat --to "#status" --peer enode://…@host:30303']
      )
    )
    .action(
      action<import('../tui/options.ts').ChatOptions>(async (options, globals, output) =>
        (await import('../commands/chat.ts')).chat(options, globals, output)
      )
    )

  program
    .command('daemon')
    .description('keep the account online and serve JSON-RPC to other programs')
    .option('--socket <path>', 'where the Unix socket is (default: in the profile)')
    .option('--stdio', 'serve one program on stdin and stdout; ends when stdin ends; no socket without --socket')
    .option('--ws <address>', 'serve a WebSocket on host:port as well')
    .option('--secret-file <file>', 'hex of 32 bytes or more that signs the tokens of the WebSocket')
    .addOption(hostOption('--ws-host', 'host name by which the WebSocket may be asked for; may be repeated'))
    .addOption(originOption('--ws-origin', 'web origin whose pages may use it (default: none); may be repeated'))
    .addOption(peerOption())
    .addOption(mailserverOption())
    .addOption(discoverySwitch())
    .addOption(bootnodeOption())
    .addOption(listenOption())
    .addOption(pfsOption())
    .addOption(chaosOption())
    .addHelpText(
      'after',
      examples(
        ['for bots', 'daemon --peer enode://…@host:30303'],
        ['as the child of a program', 'daemon --stdio --peer enode://…@host:30303'],
        ['over a WebSocket too', 'daemon --ws 127.0.0.1:8547 --secret-file secret.hex']
      )
    )
    .action(
      action<import('../commands/daemon.ts').DaemonOptions>(async (options, globals, output) =>
        (await import('../commands/daemon.ts')).daemon(options, globals, output)
      )
    )
}
