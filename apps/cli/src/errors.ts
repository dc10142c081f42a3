import { isStackError, StackError } from '@status-stack/interface'
import { isDiskFull, printable, systemWords } from '@status-stack/utils'
import { defaultProfile } from './default-profile.ts'
import { type ExitName, exitCodes } from './exit-codes.ts'

/** An error with a sentence for a person, a stable code for a program, and an exit code. Never holds a secret. */
export class CliError extends StackError {
  override readonly name = 'CliError'
  readonly exit: ExitName

  constructor(exit: ExitName, code: string, message: string, hint?: string) {
    super(code, message, { origin: exit === 'usage' ? 'caller' : 'environment', hint })
    this.exit = exit
  }
}

/** An error as it is shown: a sentence, a stable code, and the exit code. */
export interface ErrorDescription {
  readonly code: string
  readonly message: string
  /** What the person can do about it. */
  readonly hint?: string | undefined
  readonly exitCode: number
}

const diskFullHint = 'free some space and try again'

/** The sentence for a full disk, about a file or folder. */
export function diskFull(path: string): CliError {
  return new CliError('full', 'disk-full', `${path}: the disk is full`, diskFullHint)
}

/** What is known of any thrown value: layers' errors carry a `code`, everything else is `unexpected`. */
export function describeError(error: unknown): ErrorDescription {
  if (error instanceof CliError) {
    const { code, message, hint, exit } = error
    return shown({ code, message, ...(hint ? { hint } : {}), exitCode: exitCodes[exit] })
  }
  if (isStackError(error, 'AccountError')) return refusalOf(error)
  if (isStackError(error, 'CommandLineError')) return withHint(error, exitCodes.usage)
  if (isStackError(error, 'InspectorError'))
    return withHint(error, exitCodes[error.code === 'too-many-blobs' ? 'failed' : 'usage'])
  if (isStackError(error, 'ChatError'))
    return withHint(error, exitCodes[error.origin === 'caller' ? 'usage' : 'failed'])
  if (isStackError(error, 'RelayError')) return relayRefusal(error)
  if (isStackError(error, 'ProfileError')) return profileRefusal(error)
  if (isStackError(error, 'CallError') || isStackError(error, 'ArgumentError')) {
    // The method is named by its own code, everything else is about what was handed to it.
    const code = error.code === 'method' ? 'no-method' : 'params'
    return shown({ code, message: error.message, exitCode: exitCodes.usage })
  }
  if (textOf(error, 'name') === 'AbortError')
    return { code: 'interrupted', message: 'interrupted', exitCode: exitCodes.interrupted }
  const code = codeOf(error) ?? 'unexpected'
  if (isDiskFull(error)) {
    const message = `${placeOf(error)}${systemWords(code) ?? 'the disk is full'}`
    return shown({ code: 'disk-full', message, hint: diskFullHint, exitCode: exitCodes.full })
  }
  const refusal = systemWords(code)
  const message = refusal === undefined ? sentence(error) : `${placeOf(error)}${refusal}`
  // The account of this process refuses with the codes that the one of a daemon has.
  const ofAccount = isStackError(error, 'ClientError')
  const hint = ofAccount ? refusalHints[code] : undefined
  const exitCode = exitCodes[ofAccount && typed.has(code) ? 'usage' : 'failed']
  return shown({ code, message, ...(hint === undefined ? {} : { hint }), exitCode })
}

/** Refusals of an account that are about what was typed. */
const typed: ReadonlySet<string> = new Set([
  'public-key',
  'chat-name',
  'link',
  'unsupported-link',
  'message-id',
  'emoji',
  'image',
  'audio',
  'sticker',
  'range',
  'unknown-name',
  'several-names',
  'group-id',
  'too-large'
])

/** What to do about names and ids that lead nowhere, or to several, and about what is not allowed. */
const refusalHints: Readonly<Record<string, string>> = {
  'unknown-chat': '`status-stack chats` shows those there are',
  'unknown-message': '`status-stack history WHO --ids` shows the ids of messages',
  'unknown-device': '`status-stack devices` shows them',
  'no-attachment': 'only messages with an image or a sound have one: `status-stack history WHO --ids` marks them',
  'too-large':
    'a text has at most 4096 bytes: send a longer one in parts; files of the kinds that are sent are bounded too',
  blocked: 'unblock them first: status-stack contacts unblock WHO',
  'not-an-admin': '`status-stack group show GROUP` shows who is one',
  'mailserver-timeout': 'try again, or name another one with --mailserver',
  'mailserver-lost': 'try again, or name another one with --mailserver',
  'unknown-name':
    '`status-stack contacts` and `chats` show the names; a key looks like zQ3sh… or 0x04…, a public chat like #name',
  'several-names': 'give the key or the id instead',
  'group-id': '`status-stack group list` shows the names and ids of groups'
}

/** A refusal of an account, in this process or of a daemon. */
function refusalOf(error: StackError): ErrorDescription {
  const { code } = error
  const exit: ExitName = typed.has(code)
    ? 'usage'
    : code === 'disk-full'
      ? 'full'
      : code === 'mailserver-unreachable'
        ? 'unreachable'
        : 'failed'
  if (code === 'disconnected')
    return shown({ code: 'daemon-gone', message: 'the daemon ended before it answered', exitCode: exitCodes.failed })
  const hint = error.hint ?? refusalHints[code]
  if (hint !== undefined) return shown({ code, message: error.message, hint, exitCode: exitCodes[exit] })
  return withHint(error, exitCodes[exit])
}

/** What carries its own hint. */
function withHint({ code, message, hint }: StackError, exitCode: number): ErrorDescription {
  return shown({ code, message, ...(hint === undefined ? {} : { hint }), exitCode })
}

/** What to do about what a profile refuses. */
const profileHints: Readonly<Record<string, string>> = {
  'profile-name': 'letters, digits, dot, dash and underscore, at most 64',
  'profile-exists': 'choose another name with --profile',
  'stray-database': 'put account.json back beside it from a backup; `status-stack profiles remove NAME` deletes it',
  'profile-open': 'close it with chmod go-rwx, or name a folder of your own with --data-dir',
  damaged: 'a newer status-stack may read it; else put the file back from a backup',
  'read-only': 'make it writable for your user, or copy the whole profile elsewhere and name its place with --data-dir',
  'disk-full': diskFullHint
}
const profileExits: Readonly<Record<string, ExitName>> = {
  'profile-name': 'usage',
  'wrong-password': 'password',
  'profile-locked': 'locked',
  'disk-full': 'full',
  'no-profile': 'profile',
  'profile-exists': 'profile',
  'stray-database': 'profile',
  damaged: 'profile',
  'profile-open': 'profile',
  'read-only': 'profile',
  database: 'profile'
}

/** A profile, or a file, that cannot be opened, made or moved. */
function profileRefusal({ code, message, details }: StackError): ErrorDescription {
  const exitCode = exitCodes[profileExits[code] ?? 'failed']
  const plain = { code, message, exitCode, hint: profileHints[code] }
  if (code === 'no-profile') {
    const isDefault = details['profile'] === defaultProfile
    const how = isDefault ? 'status-stack init' : `status-stack --profile ${details['profile']} init`
    return shown({
      ...plain,
      message: isDefault ? message.replace(`profile named ${defaultProfile}`, 'profile yet') : message,
      hint: `make one with \`${how}\`; \`status-stack profiles\` lists those there are`
    })
  }
  if (code === 'profile-locked') {
    const hint =
      details['socket'] !== undefined
        ? 'reach the daemon with `status-stack call`, or end it'
        : 'end that process, or use another --profile; a running `daemon` shares a profile with other commands'
    return shown({ ...plain, hint })
  }
  if (code !== 'no-keyring') return shown(plain)
  return details['library'] === 'missing'
    ? shown({
        ...plain,
        exitCode: exitCodes.usage,
        hint: 'install it beside status-stack: npm install --global @napi-rs/keyring; or leave out --keyring'
      })
    : shown({
        ...plain,
        hint: 'it comes with a desktop session (GNOME Keyring, KWallet, Keychain, Credential Manager); leave out --keyring without one'
      })
}

/** What to do about what a relay refuses. */
const relayHints: Readonly<Record<string, string>> = {
  enode: 'it looks like enode://<128 hex digits>@host:port, or wss://<128 hex digits>@host/path',
  privacy: 'choose another --privacy, or leave out what it cannot be combined with',
  websocket: 'look at --ws-listen, --ws-origin, --ws-trusted-proxy and --ws-url',
  nat: 'known are none, any, upnp, pmp, pmp:IP and extip:IP',
  'net-restrict': 'for example 10.0.0.0/8,192.168.0.0/16,fd00::/8',
  listen: 'choose an address of this machine, and a port above 1023 unless you may use lower ones',
  'discovery-port': 'another program has it, or it is not allowed: choose another --discovery-port',
  metrics: 'choose another --metrics address'
}

/** A relay that cannot be run as it was asked for. */
function relayRefusal({ code, message, origin, details }: StackError): ErrorDescription {
  const taken = code === 'listen' && details['why'] === 'EADDRINUSE'
  // Of a peer outside the networks, there is nothing to spell otherwise.
  const hint = taken
    ? 'another program has that port: end it, or choose another --listen'
    : details['peer'] === undefined
      ? relayHints[code]
      : undefined
  const exitCode = exitCodes[origin === 'caller' ? 'usage' : 'failed']
  return shown({ code, message, ...(hint === undefined ? {} : { hint }), exitCode })
}

/**
 * The stable code of an error: of the stack, of this program, or of the operating system. `undefined` for everything else:
 * only what was thrown as an error is asked.
 */
export function codeOf(error: unknown): string | undefined {
  if (isStackError(error)) return error.code
  return error instanceof Error ? textOf(error, 'code') : undefined
}

/** Arguments, files and peers choose parts of these sentences: nothing of them may act on a terminal. */
export function shown(error: ErrorDescription): ErrorDescription {
  const { message, hint } = error
  return { ...error, message: printable(message), ...(hint === undefined ? {} : { hint: printable(hint) }) }
}

/** The file or address that an error of the operating system speaks of. */
function placeOf(error: unknown): string {
  const address = textOf(error, 'address')
  const port = textOf(error, 'port')
  const place = textOf(error, 'path') ?? (address === undefined ? undefined : `${address}:${port ?? ''}`)
  return place === undefined ? '' : `${place}: `
}

function textOf(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null || !(name in value)) return undefined
  const found = (value as Readonly<Record<string, unknown>>)[name]
  return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined
}

/** One line, whatever was thrown. */
function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.trim().replace(/\s*\n\s*/g, '; ') || 'something failed without saying what'
}
