import { CliError } from '../errors.ts'

/** `enode://<id>:<password>@…`, and the same of a WebSocket URL: what is in front of the colon, and the password. */
export const withPassword = /^((?:enode|wss?):\/\/[^:@/?#]*):([^@/?#]*)@/

/** The password of status-go's fleets, which everybody knows. */
const publicPassword = 'status-offline-inbox'

/** For showing. */
export function hidePassword(enode: string): string {
  return enode.replace(withPassword, '$1:…@')
}

/**
 * An enode URL as an argument: other users of the machine can read those.
 * @throws CliError `secret-argument`
 */
export function assertNoSecret(enode: string): void {
  const password = withPassword.exec(enode)?.[2]
  if (password === undefined || password === '' || password === publicPassword) return
  throw new CliError(
    'usage',
    'secret-argument',
    'a password in an argument can be read by other users of this machine',
    'put the URL into the environment variable STATUS_STACK_MAILSERVERS, or into mailservers in the settings file'
  )
}
