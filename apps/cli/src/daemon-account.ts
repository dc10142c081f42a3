import type { RemoteAccount } from '@status-stack/account-rpc/client'
import { isOwnSocket, type Profile, readAccount, readHolder } from '@status-stack/profiles/folder'
import { CliError } from './errors.ts'
import type { Globals } from './globals.ts'
import { profileOf } from './profile.ts'
import { version } from './version.ts'

/** Whether a daemon says that it has this profile: its settings count then, not those of this process. */
export async function daemonRuns(globals: Globals): Promise<boolean> {
  const socket = (await readHolder(profileOf(globals)))?.socket
  return socket !== undefined && (await isOwnSocket(socket))
}

/** The account of the daemon that has the profile open and answers. @throws CliError `daemon-identity`, `daemon-version` */
export async function daemonOf(
  profile: Profile
): Promise<{ readonly account: RemoteAccount; readonly publicKey: string } | undefined> {
  const socket = (await readHolder(profile))?.socket
  if (socket === undefined || !(await isOwnSocket(socket))) return undefined
  const { publicKey } = await readAccount(profile)
  const { connectDaemon } = await import('./daemon-connection.ts')
  let account: RemoteAccount
  try {
    account = await connectDaemon(socket)
  } catch (error) {
    // No process listens there: the lock of the database says whether the profile is free.
    if (error instanceof CliError && error.code === 'no-daemon') return undefined
    throw error
  }
  try {
    assertSame(await account.identity(), publicKey)
    return { account, publicKey }
  } catch (error) {
    account.close()
    throw error
  }
}

function assertSame(identity: { readonly publicKey: string; readonly version: string }, publicKey: string): void {
  if (identity.publicKey !== publicKey)
    throw new CliError('locked', 'daemon-identity', 'the daemon of this profile has another identity')
  if (identity.version !== version())
    throw new CliError(
      'locked',
      'daemon-version',
      `the daemon of this profile is version ${identity.version}, this is ${version()}`,
      'start the daemon again, or use `status-stack call`'
    )
}

/** Flags say how a client of this process would run: the daemon has its own. @throws CliError `profile-locked` */
export function assertThroughDaemon({ resolved }: Globals, simulateNetwork: string | undefined): void {
  const { origins } = resolved
  const flags = [
    ['--simulate-network', simulateNetwork !== undefined],
    ['--listen', origins.listen === 'flag'],
    ['--privacy', origins.privacy === 'flag'],
    ['--pfs', origins.pfs === 'flag'],
    ['--mailserver', origins.mailservers === 'flag']
  ] as const
  const flag = flags.find(([, given]) => given)?.[0]
  if (flag === undefined) return
  throw new CliError(
    'locked',
    'profile-locked',
    `the daemon of this profile is running, and ${flag} is for a client of its own`,
    `leave ${flag} out, or end the daemon`
  )
}
