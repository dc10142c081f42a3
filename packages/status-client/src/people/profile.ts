import { utf8Bytes } from '@status-stack/crypto'
import type { SecurityLayer } from '@status-stack/interface'
import { createSteps } from '@status-stack/utils'
import type { Client } from '../client-types.ts'
import { type Core, hasOtherDevices } from '../composition/core.ts'
import { callerError } from '../errors.ts'
import type { SelfRecord } from '../storage/records.ts'
import type { Profile } from '../types.ts'
import type { Contacts } from './contacts.ts'

/** What applications see of our own record. */
export const profileView = ({ ensName, picture }: SelfRecord): Profile => ({ ensName, picture })

/** What readers would leave out or refuse must not be stored: nothing that we say of ourselves would reach anybody then. */
function assertReadable(
  { limits }: Core['data'],
  { ensName = '', picture = '' }: Parameters<Client['setProfile']>[0]
): void {
  for (const [name, text, limit] of [
    ['ensName', ensName, limits.nameBytes],
    ['picture', picture, limits.pictureBytes]
  ] as const) {
    const got = utf8Bytes(text).length
    if (got > limit)
      throw callerError('too-large', `profile.${name}: at most ${limit} bytes, got ${got}`, { limit, got })
  }
}

/** Our own name and picture: stored, and sent to our other devices and to everyone whom we have added. SPEC: P-28. */
export function createProfile(
  core: Pick<Core, 'chatCache' | 'clock' | 'data' | 'profile' | 'self'>,
  contacts: Pick<Contacts, 'sendProfile' | 'syncProfile'>,
  sealer: Pick<SecurityLayer, 'devices'>,
  saveSelf: (change: Partial<SelfRecord>) => Promise<void>
): Pick<Client, 'profile' | 'setProfile'> & { readonly resume: () => Promise<void> } {
  const tell = async (): Promise<void> => {
    const { profileClock } = core.profile()
    // One of them who cannot be told keeps nobody else from hearing it.
    const steps = createSteps()
    if (await hasOtherDevices(core, sealer)) await steps.take(contacts.syncProfile)
    for (const { added, publicKey } of core.chatCache.contacts())
      if (added) await steps.take(() => contacts.sendProfile(publicKey))
    steps.end()
    // One that was set meanwhile is told by its own call.
    if (core.profile().profileClock === profileClock) await saveSelf({ profileUntold: false })
  }
  return {
    profile: async () => profileView(core.profile()),
    setProfile: async given => {
      assertReadable(core.data, given)
      const { ensName, picture } = given
      const nowMs = core.clock.nowMs()
      const { profileClock: before } = core.profile()
      // Another device of ours may have set it a moment ago, by a clock that is ahead of ours.
      const profileClock = core.data.clocks.isPossible(before + 1, nowMs) ? Math.max(nowMs, before + 1) : nowMs
      await saveSelf({
        ...(ensName === undefined ? {} : { ensName }),
        ...(picture === undefined ? {} : { picture }),
        profileClock,
        profileUntold: true
      })
      await tell()
    },
    /** Tells those whom a crash has kept from being told. Who was told hears the same once more. */
    resume: async () => {
      if (core.profile().profileUntold === true) await tell()
    }
  }
}
