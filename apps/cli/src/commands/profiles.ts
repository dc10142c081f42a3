import { existsSync } from 'node:fs'
import { type Holder, type Profile, profileExists, readAccount, readHolder } from '@status-stack/profiles/folder'
import { type Context, defineCommand, defineGroup } from '../command.ts'
import { CliError, codeOf, describeError } from '../errors.ts'
import { removalFlags } from '../flags.ts'
import { allProfiles, profileOf } from '../profile.ts'
import type { RemovalFlags } from '../profile-removal.ts'

/** Who has it open. A process that was killed leaves its word behind: whether that still holds, the lock of the database says. */
async function holderOf(profile: Profile): Promise<Holder | undefined> {
  const holder = await readHolder(profile)
  if (holder === undefined) return undefined
  // Imported only now: loading the database takes time, and a profile that nobody has open does not need it.
  const { assertFree } = await import('@status-stack/profiles')
  return assertFree(profile).then(
    () => undefined,
    error => (codeOf(error) === 'profile-locked' ? holder : undefined)
  )
}

/** What a profile holds, as far as it is known without its password. */
async function about(profile: Profile) {
  const account = profileExists(profile) ? await readAccount(profile).catch(() => undefined) : undefined
  const holder = await holderOf(profile)
  const kinds = [
    ...(profileExists(profile)
      ? [
          account === undefined
            ? 'an account that cannot be read: it is damaged, or made by a newer version'
            : (account.text ?? account.publicKey)
        ]
      : []),
    ...(existsSync(profile.nodeFile) ? ['the key of a node'] : []),
    ...(holder === undefined ? [] : [`in use by ${holder.command} (process ${holder.pid})`])
  ]
  return { account, holder, text: kinds.join(', ') }
}

const list = defineCommand({
  name: 'list',
  isDefault: true,
  summary: 'all profiles of this user; needs no password',
  examples: [['what there is', 'profiles']],
  run: async ({ globals, output }) => {
    const profiles = await allProfiles(globals)
    const width = Math.max(0, ...profiles.map(({ name }) => name.length))
    for (const profile of profiles) {
      const { account, holder, text } = await about(profile)
      output.data(
        {
          event: 'profile',
          profile: profile.name,
          folder: profile.folder,
          publicKey: account?.publicKey ?? null,
          text: account?.text ?? null,
          node: existsSync(profile.nodeFile),
          command: holder?.command ?? null
        },
        `${profile.name === globals.profile ? '*' : ' '} ${profile.name.padEnd(width)}  ${text}`
      )
    }
    if (profiles.length === 0) output.hint('· none yet: status-stack init')
    else output.hint('· * is used without --profile')
  }
})

const remove = defineCommand({
  name: 'remove',
  summary: 'delete a profile: its keys, contacts and messages',
  positions: [['<name>', 'of the profile', 'profiles']],
  flags: removalFlags(),
  examples: [
    ['one that you need no more', 'profiles remove old --yes'],
    ['one whose password is forgotten', 'profiles remove old --without-password --yes']
  ],
  load: () => import('../profile-removal.ts'),
  run: ({ options, globals, output, args: [name = ''] }: Context<RemovalFlags>, { removeProfile }) =>
    removeProfile({ ...globals, profile: name }, output, options, true)
})

const rename = defineCommand({
  name: 'rename',
  summary: 'give a profile another name; a table of its own in the settings file keeps the old one',
  positions: [
    ['<name>', 'its name now', 'profiles'],
    ['<new>', 'its name from then on']
  ],
  examples: [['the first one', 'profiles rename default home']],
  load: () => import('@status-stack/profiles'),
  run: async ({ globals, output, args: [name = '', to = ''] }, { renameProfile }) => {
    const [profile, target] = [name, to].map(one => profileOf({ ...globals, profile: one })) as [Profile, Profile]
    await renameProfile(profile, target).catch(error => {
      if (codeOf(error) !== 'profile-exists') throw error
      const { message } = describeError(error)
      throw new CliError('profile', 'profile-exists', message, 'choose another new name')
    })
    output.data(
      { event: 'profile-renamed', from: profile.name, to: target.name, folder: target.folder },
      `profile ${profile.name} is ${target.name} now, in ${target.folder}`
    )
  }
})

/** The identities of this user. */
export const profiles = defineGroup({
  name: 'profiles',
  summary: 'list, rename and delete the identities of this user',
  examples: [
    ['what there is', 'profiles'],
    ['another name', 'profiles rename default home'],
    ['delete one', 'profiles remove old --yes']
  ],
  commands: [list, remove, rename]
})
