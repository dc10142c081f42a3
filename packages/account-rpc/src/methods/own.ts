import type { ClockReportFact, DeviceFact, FetchedFact, IdentityFact, PeerFact, ProfileFact } from '../facts.ts'
import { method, result } from '../method.ts'
import { chats, moment, optional, person, text, withDefault } from '../params.ts'

/** What a method answers that has nothing to say but that it is done. */
export type Done = Readonly<Record<string, never>>

/** The result of such a method. */
export const done = result<Done>('`{}`')

const devices = result<readonly DeviceFact[]>('list of `device`')

/** The account itself: who it is, its connections, its history elsewhere, its devices. */
export const ownMethods = {
  identity: method({
    doc: 'who this account is, and the `version` of the program that serves it',
    params: {},
    result: result<IdentityFact>('`identity`')
  }),
  peers: method({ doc: 'the connected peers', params: {}, result: result<readonly PeerFact[]>('list of `peer`') }),
  places: method({
    doc: 'the places where this account listens',
    params: {},
    result: result<readonly string[]>('list of names')
  }),
  clockReport: method({
    doc: 'how the clock of the machine compares with those of others, and which chats are ahead of it',
    params: {},
    result: result<ClockReportFact>('`warning`, `estimateMs`, `chatsAhead`')
  }),
  fetch: method({
    doc: 'gets history from a mailserver; times are texts such as `24h` or `2026-11-20`, or Unix seconds; public chats that are named are joined; answers once what came is stored',
    params: {
      chats: optional(chats),
      since: optional(moment),
      until: optional(moment),
      mailserver: optional(text)
    },
    result: result<FetchedFact>('`mailserver`, `pages`, `envelopes`')
  }),
  devices: method({
    doc: 'our own devices, or those of a contact',
    params: { publicKey: optional(person) },
    result: devices
  }),
  pair: method({
    doc: 'tells our other devices about this one',
    params: { name: text, type: withDefault(text, 'daemon') },
    result: done
  }),
  enableDevice: method({
    doc: 'sends copies to one of our devices',
    params: { installationId: text },
    result: done
  }),
  disableDevice: method({
    doc: 'sends no copies to one of our devices',
    params: { installationId: text },
    result: done
  }),
  syncDevices: method({ doc: 'sends contacts and public chats to our other devices', params: {}, result: done }),
  publishContactCode: method({
    doc: 'publishes our contact code now; it is also published by itself',
    params: {},
    result: done
  }),
  profile: method({
    doc: 'our own name and picture, as the device of ours has them that set them last',
    params: {},
    result: result<ProfileFact>('`profile`')
  }),
  setProfile: method({
    doc: 'sets what contacts are shown of us; an empty text clears it',
    params: { ensName: optional(text), picture: optional(text) },
    result: done
  })
}
