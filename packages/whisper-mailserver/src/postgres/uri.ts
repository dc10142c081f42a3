import { MailserverError } from '../errors.ts'

/** The URI may hold a password: no word of it is repeated. */
function refuse(): MailserverError {
  return new MailserverError(
    'invalid-argument',
    'uri: expected postgresql://user:password@host:port/database, or the path of a Unix socket',
    { origin: 'caller', details: { argument: 'uri' } }
  )
}

/**
 * Refuses what can never be connected to, before it looks like a database that is down: the driver takes nonsense for the name of a
 * database on this machine.
 * @throws MailserverError `invalid-argument`
 */
export function assertUri(uri: string): void {
  if (/^(?:socket:)?\/[^\0]*$/.test(uri)) return
  if (!/^postgres(?:ql)?:\/\/./i.test(uri) || /[\0\s]/.test(uri)) throw refuse()
  try {
    // A user without a host means the host of the query: no URL can say that.
    const { username, password, pathname, hostname } = new URL(uri.replace('@/', '@host/'))
    for (const part of [username, password, pathname, hostname]) decodeURIComponent(part)
  } catch {
    throw refuse()
  }
}
