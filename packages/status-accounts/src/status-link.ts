import { AccountsError } from './errors.ts'

/** What the links of Status apps lead to. */
type LinkKind = 'user' | 'public' | 'group' | 'browser' | 'payment'

/**
 * First words of a link's path. The app of 2019 wrote `user/…`, `chat/public/…` and `browse/…` below get.status.im, that of 2020 the
 * short ones below join.status.im. SPEC: status-react 1.0, universal links.
 */
const kinds: ReadonlyMap<string, LinkKind> = new Map([
  ['u', 'user'],
  ['user', 'user'],
  ['chat', 'public'],
  ['p', 'public'],
  ['g', 'group'],
  ['g2', 'group'],
  ['b', 'browser'],
  ['browse', 'browser'],
  ['browser', 'browser'],
  ['wallet', 'payment'],
  ['pay', 'payment']
])

const names: Readonly<Record<Exclude<LinkKind, 'user'>, string>> = {
  public: 'a public chat',
  group: 'a group chat',
  browser: 'a web page',
  payment: 'a payment'
}

const start = /^(?:https?:\/\/(?:join|get)\.status\.im(?:\/|$)|status-im:\/\/)/i

function unsupported(kind: string, what: string): AccountsError {
  const message = `contact link: expected a link to a person's key, got a link to ${what}`
  return new AccountsError('unsupported-link', message, { origin: 'peer', details: { kind } })
}

/**
 * The part of a Status link that names a person: everything after `u/` or `user/`. `undefined` for a text that is no Status link.
 * @throws AccountsError `unsupported-link` for links that lead to something else
 */
export function personInLink(text: string): string | undefined {
  const prefix = start.exec(text)?.[0]
  if (prefix === undefined) return undefined
  const path = text.slice(prefix.length)
  const [, word = '', rest] = /^([^/?#]*)(?:\/(.*))?$/s.exec(path) ?? []
  const kind = rest === undefined ? undefined : kinds.get(word.toLowerCase())
  if (kind === 'user') return rest ?? ''
  if (kind !== undefined) throw unsupported(kind, names[kind])
  // A bare name below the host is a public chat: https://join.status.im/status.
  if (/^[\w.~%-]+$/.test(path)) throw unsupported('public', names['public'])
  throw unsupported('unknown', 'something that is not known here')
}

/** @throws AccountsError `unsupported-link` for an ENS name, which only a look-up turns into a key */
export function refuseEnsName(text: string): void {
  if (/^[^/?#]+\.[a-z]{2,}$/i.test(text)) throw unsupported('ens-name', 'an ENS name, which has to be looked up first')
}
