import { oneOf, onOff, positive, setting, text, texts, whole } from '@status-stack/command-line/settings'
import type { Privacy } from '@status-stack/relay-node'
import { defaultProfile } from '../default-profile.ts'
import { assertNoSecret } from '../mail/enode-password.ts'
import { nodes, nodesExpected, origins } from '../setting-values.ts'

/** Twice as many still fit into a timer: with more, a wait would be over at once. Eleven days. */
const longestSeconds = 1_000_000

function seconds(raw: unknown): number | undefined {
  const value = positive(raw)
  return value === undefined || value > longestSeconds ? undefined : value
}

/** Settings of profiles and clients; nodes share some of them. */
export const clientSettings = {
  profile: setting<string>({
    fallback: defaultProfile,
    variable: 'STATUS_STACK_PROFILE',
    key: 'profile',
    help: 'which identity to use',
    parse: text,
    expected: 'a name',
    flag: '--profile <name>',
    words: 'profiles'
  }),
  dataDir: setting<string | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_DATA_DIR',
    key: 'data_dir',
    help: 'where profiles are kept',
    parse: text,
    expected: 'a folder',
    flag: '--data-dir <folder>',
    flagHelp: 'where profiles are kept (default: the XDG data folder)'
  }),
  passwordFile: setting<string | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_PASSWORD_FILE',
    key: 'password_file',
    help: 'file with the password',
    parse: text,
    expected: 'a file',
    flag: '--password-file <file>',
    flagHelp: 'file with the password; else STATUS_STACK_PASSWORD, else asked for'
  }),
  keyring: setting<'on' | 'off'>({
    fallback: 'off',
    variable: 'STATUS_STACK_KEYRING',
    key: 'keyring',
    help: 'keep the key that the password gives in the keyring of the system, and open the profile with it',
    parse: onOff,
    expected: 'on or off',
    flag: '--keyring',
    flagHelp: 'keep the key to the profile in the system keyring, and stop asking for the password'
  }),
  peers: setting<readonly string[]>({
    fallback: [],
    variable: 'STATUS_STACK_PEERS',
    key: 'peers',
    help: 'nodes to stay connected to: enode, ws:// or wss:// URLs',
    parse: nodes,
    expected: nodesExpected,
    flag: '--peer <enode>',
    flagHelp: 'node to stay connected to: enode, ws:// or wss:// URL; may be repeated'
  }),
  mailservers: setting<readonly string[]>({
    fallback: [],
    variable: 'STATUS_STACK_MAILSERVERS',
    key: 'mailservers',
    help: 'enode URLs of mailservers to fetch history from',
    parse: nodes,
    expected: nodesExpected,
    checkFlag: assertNoSecret,
    flag: '--mailserver <enode>',
    flagHelp: 'enode URL of a mailserver to fetch history from; may be repeated, best first'
  }),
  listen: setting<string | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_LISTEN',
    key: 'listen',
    help: 'host:port on which a client accepts connections',
    parse: text,
    expected: 'host:port',
    flag: '--listen <address>',
    flagHelp: 'accept connections on host:port too'
  }),
  privacy: setting<Privacy>({
    fallback: 'whisper',
    variable: 'STATUS_STACK_PRIVACY',
    key: 'privacy',
    help: 'the protocol that carries messages: whisper, waku or both; a node of both carries between them',
    parse: oneOf('whisper', 'waku', 'both'),
    expected: 'whisper, waku or both',
    choices: ['whisper', 'waku', 'both'],
    flag: '--privacy <protocol>',
    flagHelp: 'the protocol that carries messages (default: whisper)'
  }),
  pfs: setting<'on' | 'off'>({
    fallback: 'on',
    variable: 'STATUS_STACK_PFS',
    key: 'pfs',
    help: 'send with forward secrecy',
    parse: oneOf('on', 'off'),
    expected: 'on or off',
    choices: ['on', 'off'],
    flag: '--pfs <switch>'
  }),
  bell: setting<'on' | 'off'>({
    fallback: 'on',
    variable: 'STATUS_STACK_BELL',
    key: 'bell',
    help: 'ring the terminal when a message arrives in a chat that is not shown',
    parse: oneOf('on', 'off'),
    expected: 'on or off',
    choices: ['on', 'off'],
    flag: '--bell <switch>',
    flagHelp: 'ring when a message arrives in a chat that is not shown'
  }),
  notify: setting<'auto' | 'off' | 'osc9' | 'osc99' | 'osc777'>({
    fallback: 'auto',
    variable: 'STATUS_STACK_NOTIFY',
    key: 'notify',
    help: 'how the terminal is asked for a notice on the desktop when it rings; auto: by what it says of itself',
    choices: ['auto', 'off', 'osc9', 'osc99', 'osc777'],
    parse: oneOf('auto', 'off', 'osc9', 'osc99', 'osc777'),
    expected: 'auto, off, osc9, osc99 or osc777'
  }),
  pictures: setting<'auto' | 'off' | 'kitty' | 'iterm' | 'sixel'>({
    fallback: 'auto',
    variable: 'STATUS_STACK_PICTURES',
    key: 'pictures',
    help: 'how the terminal is given pictures; auto: by what it says of itself',
    choices: ['auto', 'off', 'kitty', 'iterm', 'sixel'],
    parse: oneOf('auto', 'off', 'kitty', 'iterm', 'sixel'),
    expected: 'auto, off, kitty, iterm or sixel'
  }),
  opener: setting<string | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_OPENER',
    key: 'opener',
    help: 'command that opens pictures and sounds (default: that of the system)',
    parse: text,
    expected: 'a command'
  }),
  aliasWords: setting<string | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_ALIAS_WORDS',
    key: 'alias_words',
    help: 'folder with adjectives.txt and animals.txt, of which people without a name get a three-word one',
    parse: text,
    expected: 'a folder'
  }),
  timeout: setting<number>({
    fallback: 30,
    variable: 'STATUS_STACK_TIMEOUT',
    key: 'timeout',
    help: 'longest wait of one-shot commands, seconds',
    parse: seconds,
    expected: `a number above 0, at most ${longestSeconds}`,
    flag: '--timeout <seconds>',
    flagHelp: 'longest wait (default: 30)'
  }),
  discovery: setting<'on' | 'off' | 'auto'>({
    fallback: 'auto',
    variable: 'STATUS_STACK_DISCOVERY',
    key: 'discovery',
    help: 'find peers by discovery v4; auto: `node` does when there are bootnodes, a client does not',
    parse: raw => (raw === 'auto' ? 'auto' : onOff(raw)),
    expected: 'on, off or auto',
    flag: '--discovery',
    flagHelp: 'find peers by discovery v4; off unless given here, set, or implied by --bootnode'
  }),
  bootnodes: setting<readonly string[]>({
    fallback: [],
    variable: 'STATUS_STACK_BOOTNODES',
    key: 'bootnodes',
    help: 'enode URLs where discovery begins',
    parse: nodes,
    expected: nodesExpected,
    flag: '--bootnode <enode>',
    flagHelp: 'enode URL where discovery begins; may be repeated'
  }),
  discoveryPort: setting<number | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_DISCOVERY_PORT',
    key: 'discovery_port',
    help: 'UDP port of discovery where it is not the TCP port',
    parse: whole(0, 65_535),
    expected: 'a port from 0 to 65535',
    flag: '--discovery-port <port>',
    flagHelp: 'UDP port of discovery (default: the port of --listen)'
  }),
  netRestrict: setting<string | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_NET_RESTRICT',
    key: 'net_restrict',
    help: 'networks to keep to, as CIDR masks with commas between',
    parse: raw => (Array.isArray(raw) ? text(raw.join(',')) : text(raw)),
    expected: 'networks like 10.0.0.0/8,fd00::/8',
    flag: '--net-restrict <networks>',
    flagHelp: 'keep to these networks: CIDR masks with commas between'
  }),
  wsHosts: setting<readonly string[]>({
    fallback: [],
    variable: 'STATUS_STACK_WS_HOSTS',
    key: 'ws_hosts',
    help: 'host names by which the WebSocket of `daemon` may be asked for, beside addresses and localhost',
    parse: texts,
    expected: 'a list of host names',
    flag: '--ws-host <name>',
    flagHelp: 'host name by which the WebSocket may be asked for; may be repeated'
  }),
  wsOrigins: setting<readonly string[]>({
    fallback: [],
    variable: 'STATUS_STACK_WS_ORIGINS',
    key: 'ws_origins',
    help: 'web origins whose pages may use the WebSocket of `daemon`',
    parse: origins,
    expected: 'a list of origins like https://app.example',
    each: 'an origin like https://app.example, a host name or *',
    flag: '--ws-origin <origin>',
    flagHelp: 'web origin whose pages may use it (default: none); may be repeated'
  }),
  onMessage: setting<string | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_ON_MESSAGE',
    key: 'on_message',
    help: 'command that `daemon` and `listen` run for each message that arrives, with the message as JSON on its stdin',
    parse: text,
    expected: 'a command line',
    flag: '--on-message <command>',
    flagHelp: 'run this for each message that arrives, with the message as a JSON object on its stdin'
  })
} as const
