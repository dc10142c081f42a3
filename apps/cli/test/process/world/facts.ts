import { deliveryWords } from '@status-stack/account-rpc'
import { shortKey } from '@status-stack/account-rpc/targets'
import { protectionWords } from '@status-stack/account-rpc/words'
import { hexToBytes } from '@status-stack/crypto'
import { encodeKeyText } from '@status-stack/status-accounts'

type Leaf = string | number | boolean
export interface Fact {
  /** `legs[].state`; the event's name and format are not facts. */
  readonly path: string
  readonly value: Leaf
}

/** Every leaf of a JSON line that says something. */
function factsOf(event: Readonly<Record<string, unknown>>): readonly Fact[] {
  const facts: Fact[] = []
  const walk = (value: unknown, path: string): void => {
    if (Array.isArray(value)) for (const one of value) walk(one, `${path}[]`)
    else if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value)) walk(inner, path === '' ? name : `${path}.${name}`)
    else if (typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && value !== ''))
      facts.push({ path, value })
  }
  const { event: _name, format: _format, ...fields } = event
  walk(fields, '')
  return facts
}

const time = /\b\d\d:\d\d\b/
const one = (count: unknown, what: string): RegExp => new RegExp(`\\b${String(count)} ${what}`)
const yesNo = (yes: RegExp, no?: RegExp) => (value: Leaf, text: string) =>
  value === true ? yes.test(text) : no === undefined || no.test(text)

/** How a leaf reads in the text; by `event path`, or by the last part of the path for every event. */
type Reading = (value: Leaf, text: string) => boolean
const readings: Readonly<Record<string, Reading>> = {
  // Keys are read in the form that people pass on, whole or cut.
  publicKey: key,
  author: key,
  recipient: key,
  uncompressed: key,
  'chat id': key,
  'opened id': key,
  'verification safetyText': (value, text) => text.replace(/\s+/g, ' ').includes(String(value)),
  'ledger chat.publicKey': key,
  // Who is connected: cut; of a process that runs twice, another one.
  peerId: (value, text) => text.includes(String(value).slice(0, 8)) || /enode:\/\/[0-9a-f]{128}@/.test(text),
  mailserver: (value, text) => text.includes(String(value).slice(0, 8)),
  source: (value, text) => text.includes(String(value).slice(0, 8)),
  by: (value, text) => /peer|us/.test(String(value)) || / by [0-9a-f]{8}…/.test(text) || text.includes(String(value)),
  // What is made anew in each run has another value there, of the same shape.
  messageId: (_, text) => /0x[0-9a-f]{8}…|0x[0-9a-f]{64}/.test(text),
  enode: (_, text) => /enode:\/\/[0-9a-f]{128}@127\.0\.0\.1:\d+/.test(text),
  url: (_, text) => /(http|ws):\/\/([0-9a-f]{128}@)?127\.0\.0\.1:\d+|\/socket|\/metrics/.test(text),
  'serving what': (value, text) =>
    text.includes({ rpc: 'API', metrics: 'metrics', websocket: 'WebSocket', page: 'http' }[String(value)] ?? '?'),
  address: (_, text) => /127\.0\.0\.1:\d+/.test(text),
  text: (value, text) => /^zQ3sh/.test(String(value)) && /\bzQ3sh[1-9A-HJ-NP-Za-km-z]{44}/.test(text),
  folder: (value, text) => shape(value, text),
  path: (value, text) => shape(value, text),
  archive: (value, text) => shape(value, text),
  'group chat.id': (_, text) => group.test(text),
  'chat chat.id': (value, text) => text.includes(`(${String(value).slice(0, 8)}…)`),
  'group id': (_, text) => group.test(text),
  'setting value': (value, text) => shape(value, text),
  'finding message': (value, text) => shape(String(value).replace(/\d+/g, '0'), text.replace(/\d+/g, '0')),
  'finding check': (value, text) => shape(value, text),
  'phrase phrase': (_, text) => /(?:[a-z]+ ){11}[a-z]+/.test(text),
  // Times are read as hours and minutes.
  timestampMs: (_, text) => time.test(text),
  queuedMs: (_, text) => time.test(text),
  expiry: (_, text) => time.test(text),
  fromSeconds: (value, text) => text.includes(new Date(Number(value) * 1000).toISOString().slice(0, 10)),
  // Words for states.
  protection: (value, text) => text.includes(protectionWords[value as keyof typeof protectionWords]),
  'legs[].state': (value, text) => text.includes(deliveryWords[value as keyof typeof deliveryWords]),
  'finding state': (value, text) => text.includes({ ok: '✓', note: '·', problem: '✗' }[String(value)] ?? '?'),
  // Who hangs up first at the end is a race, and when we do, nothing is said.
  'peer state': (value, text) =>
    value === 'disconnected' ||
    // The end may come while the other run still shakes hands.
    { connected: /connected to|stopped \(handshake\)/, unreachable: /cannot reach/ }[String(value)]?.test(text) ===
      true,
  'history state': (value, text) =>
    ({ started: /asking/, page: /fetching/, done: /history from|; mailserver/, failed: /did not complete/ })[
      String(value)
    ]?.test(text) === true,
  'sync state': (value, text) =>
    ({ started: /syncing with/, done: /came from mailserver/, failed: /the sync with/ })[String(value)]?.test(text) ===
    true,
  'attachment.kind': (value, text) => text.includes(`[${value}`),
  kind: (value, text) => value === 'text' || text.includes(String(value)),
  outgoing: yesNo(/ me: /, /zQ3sh\S+: /),
  deleted: yesNo(/\(deleted\)/),
  active: yesNo(/./, /not active/),
  request: yesNo(/message request/),
  unread: (value, text) => value === 0 || one(value, 'unread').test(text),
  unreadMentions: (value, text) => value === 0 || one(value, 'that mention').test(text),
  'group.member': yesNo(/./, /not a member/),
  'group.joined': yesNo(/./, /invited|not a member/),
  'group.members[].admin': yesNo(/admin/),
  'profile node': yesNo(/key of a node/),
  'group.members[].joined': yesNo(/./, /invited/),
  added: yesNo(/\badded/, /not added/),
  blocked: yesNo(/blocked/),
  requestReceived: yesNo(/has added you/),
  minimum: (value, text) => value === 'auto' || text.includes(`at least ${value}`),
  pfs: (value, text) => value === 'on' || text.includes('PFS off'),
  enabled: yesNo(/\benabled/, /not enabled/),
  exists: yesNo(/./, /does not exist/),
  complete: yesNo(/✓|on the network|received/),
  on: yesNo(/./, /no longer/),
  muted: yesNo(/muted/),
  // Drawn, not said: the sign is there in every colour.
  'mark.color': () => true,
  attempts: (value, text) => one(value, 'attempt').test(text),
  'legs[].envelopes[].hash': (value, text) => text.includes(String(value).slice(0, 16)),
  'legs[].envelopes[].sentTo[]': (_, text) => /to \d+ peer/.test(text),
  'legs[].envelopes[].confirmedBy[]': (_, text) => /confirmed by \d+/.test(text),
  'legs[].envelopes[].archivedBy[]': (_, text) => /archived by \d+/.test(text),
  pages: (value, text) => one(value, 'page').test(text),
  envelopes: (value, text) => one(value, '(new |old )?envelope').test(text),
  messages: (_, text) => /\b\d+ (new message|marked as read)/.test(text),
  bytes: (_, text) => /\d+ B|\d+ bytes/.test(text),
  'inspection length': (value, text) => one(value, 'bytes').test(text),
  'inspection source': (value, text) => text.includes(String(value)),
  residentBytes: (_, text) => /\d+ MiB resident/.test(text),
  // A new key each time.
  'identity publicKey': newKey,
  'key uncompressed': newKey,
  link: (value, text) => shape(decodeURIComponent(String(value)), decodeURIComponent(text))
}

function newKey(_: Leaf, text: string): boolean {
  return /\bzQ3sh[1-9A-HJ-NP-Za-km-z]{44}/.test(text)
}

const group = /[0-9a-f]{8}-[0-9a-f-]{27}-0x04[0-9a-f]{128}|group [0-9a-f]{8}/

/** The facts that only programs get, and why. */
const onlyForPrograms: Readonly<Record<string, string>> = {
  clock: 'orders messages; people see the order itself, and the time',
  lastClock: 'orders conversations; people see the order itself',
  profile: 'the person chose it',
  seen: 'what is unread stands with the chat',
  'message messageId': 'shown with --ids',
  'message chat.kind': 'told by #, by “group”, or by nothing',
  'message chat.publicKey': 'the person was asked for, or is the author',
  'message source': 'where it came from says nothing about it',
  'message attachment.type': 'people open the file',
  'message attachment.bytes': 'people open the file',
  'chat.kind': 'told by #, by “group”, or by a key',
  'chat id': 'stands there in the form of the chat: #name, a short key, or the beginning of a group’s',
  'chat group.members[].publicKey': 'counted in the list; `group show` names them',
  'chat group.members[].admin': 'counted in the list; `group show` names them',
  'chat group.members[].joined': 'counted in the list; `group show` names them',
  'contact safetyText': '`verify` shows it, as something to compare',
  'contact ensVerified': 'a name that is not verified is not shown at all',
  'contact ensName': 'a name that is not verified is not shown at all',
  'device own': 'the list is of our own devices, or of the person asked for',
  'setting origin': 'shown with --origin',
  'setting variable': 'shown with --origin when it is where the value comes from',
  'verification identicon[]': 'drawn',
  'verification color[]': 'the colour of the drawing',
  'key compressed': '`keys show` shows every form',
  'warning code': 'the sentence itself stands there',
  'refused expected': 'people are told of what is not expected, and only with --verbose of what is',
  'refused final': 'whether to try again is for programs; the sentence says why',
  'refused reason': 'what a relay repeats is told with --verbose only',
  'refused layer': 'what a relay repeats is told with --verbose only',
  'refused author': 'what a relay repeats is told with --verbose only',
  'implementation sections[]': 'counted; what is not claimed is named as skipped',
  'case *': 'counted by section; what fails is named, and --explain shows one in full',
  'summary kind': 'the line is the summary',
  'delivery *': 'how far a message comes is a race, and people are told each state once; view.test.ts has every state',
  'discovery port': 'stands with the address, and is another one in each run',
  'status *': 'counters of a moment that another run does not have',
  'result *': 'the text is the answer of the daemon as it came',
  'skew *': 'a machine that handles envelopes late looks like a wrong clock: a race; clock-facts.test.ts has the words',
  'refused-connection *': 'a handshake that the end cut short: whether there is one is a race',
  'peer reason': 'who hangs up first at the end is a race, and when we do, nothing is said',
  'saved messageId': 'the person named it',
  'saved bytes': 'the file is there',
  'saved kind': 'the name of the file says it',
  'saved type': 'the name of the file says it',
  'sent state': 'people are told once, when it is known how far the message came',
  'peer *': 'a command that sends says what became of its message; plain-words.test.ts has what others say of peers',
  'profile folder': 'where all profiles are is a setting, and `whoami` says where one is',
  'profile publicKey': 'stands there in the form that people pass on',
  'history-exported files': 'none is not worth a word',
  'chat-stats firstMs': 'people are told the day',
  'chat-stats lastMs': 'people are told the day',
  'chat-stats deleted': 'none is not worth a word',
  'chat-stats others': 'none is not worth a word',
  'mailserver store': 'how the archive is kept says nothing to people',
  'mailserver-stats *': 'the line of a person has those that are not 0',
  'sync fromSeconds': 'the person chose how far back, or left it at a day',
  'archived *': 'told with --verbose: what else is archived meanwhile is chance',
  'script shell': 'the person named it',
  'history places': 'how many topics were asked for says nothing to people',
  'history toSeconds': 'always now',
  'changed change': 'the id of what was sent for the change: only `ledger` takes it',
  change: 'the id of what was sent for the change: only `ledger` takes it',
  'compared ok': 'the words before the name say it',
  'forecast value': 'the time for a proof of work is measured, and another one in each run',
  'forecast formula': 'the time for a proof of work is measured, and another one in each run',
  'ledger complete': 'the mark before the words says it'
}

/** The facts of a JSON line that the text of the same run does not show, and that no exception excuses. */
export function missingIn(text: string, event: Readonly<Record<string, unknown>>): readonly string[] {
  const name = String(event['event'])
  return factsOf(event)
    .filter(({ path, value }) => {
      const last = path.split('.').at(-1) ?? path
      const names = [`${name} ${path}`, `${name} *`, path, last, last.replace('[]', '')]
      if (names.some(one => Object.hasOwn(onlyForPrograms, one))) return false
      if (typeof value !== 'boolean' && text.includes(String(value))) return false
      return !names.some(one => readings[one]?.(value, text) === true)
    })
    .map(({ path, value }) => `${name} ${path} = ${JSON.stringify(value)}`)
}

function key(value: Leaf, text: string): boolean {
  const hex = /^0x(04[0-9a-f]{128})$/.exec(String(value))?.[1]
  if (hex === undefined) return text.includes(String(value))
  const bytes = hexToBytes(hex)
  return [encodeKeyText(bytes), shortKey(bytes), ' me: '].some(form => text.includes(form)) || group.test(text)
}

/** A path or number that differs between two runs only in the folder or port that each has. */
function shape(value: Leaf, text: string): boolean {
  const blur = (part: string): string =>
    part
      .replace(/copy-\d+/g, 'copy')
      .replace(/127\.0\.0\.1:\d+/g, 'address')
      .replace(/enode:\/\/[0-9a-f]{128}/g, 'enode')
  return blur(text).includes(blur(String(value)))
}
