import { join } from 'node:path'
import { xdgFolder } from '@status-stack/command-line/process'
import * as profiles from '@status-stack/profiles/folder'
import { type Profile, profileIn } from '@status-stack/profiles/folder'
import type { Globals } from './globals.ts'
import type { Output } from './output.ts'

/** `--data-dir`, else `$XDG_DATA_HOME/status-stack`, else `~/.local/share/status-stack`; one folder a profile below it. */
const profilesFolder = (dataDir: string | undefined): string =>
  dataDir ?? join(xdgFolder('XDG_DATA_HOME', process.env), 'status-stack')

/** @throws ProfileError `profile-name` */
export const profileOf = ({ profile, dataDir }: Pick<Globals, 'profile' | 'dataDir'>): Profile =>
  profileIn(profilesFolder(dataDir), profile)

/** Every profile of this user. */
export const allProfiles = ({ dataDir }: Pick<Globals, 'dataDir'>): Promise<readonly Profile[]> =>
  profiles.allProfiles(profilesFolder(dataDir))

/**
 * Closes the profile's folder to others, and says so when it was open.
 * @throws ProfileError `profile-open` when it is open and cannot be closed
 */
export async function closeProfile({ folder }: Profile, output: Pick<Output, 'note'>): Promise<void> {
  if (!(await profiles.closeProfile({ folder }))) return
  output.note(
    { event: 'warning', code: 'profile-open', folder },
    `· others could enter ${folder}; it is closed to them now`
  )
}
