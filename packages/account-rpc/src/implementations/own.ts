import { encodeKeyText } from '@status-stack/status-accounts'
import { deviceFact, peerFact, profileFact } from '../fact-makers.ts'
import { assertRange, fetchHistory } from '../history.ts'
import { done, type Implementations } from '../implementation.ts'
import type { ownMethods } from '../methods/own.ts'
import { withoutMetadataInUri } from '../picture-metadata.ts'
import { chatJson, chatOf, keyHex, parsePerson } from '../targets.ts'

/** The account itself: who it is, its connections, its history elsewhere, its devices. */
export const ownImplementations: Implementations<typeof ownMethods> = {
  identity: async (_, { client, version, mailservers }) => ({
    event: 'identity',
    publicKey: keyHex(client.publicKey),
    text: encodeKeyText(client.publicKey),
    installationId: client.installationId,
    version,
    mailservers
  }),
  peers: async (_, { client }) => client.peers().map(peerFact),
  places: (_, { client }) => client.places(),
  clockReport: async (_, { client }) => {
    const { chatsAhead, ...report } = await client.clockReport()
    return { ...report, chatsAhead: chatsAhead.map(({ chat, ...rest }) => ({ chat: chatJson(chat), ...rest })) }
  },
  fetch: async ({ chats: names, since, until, mailserver }, { client, signal }) => {
    const chats = names?.map(chatOf)
    assertRange({ since, until })
    for (const chat of chats ?? []) if (chat.kind === 'public') await client.joinPublic(chat.name)
    const found = await fetchHistory(client, { since, until, chats, mailserver, signal })
    await client.idle()
    return { mailserver: found.mailserver, pages: found.pages, envelopes: found.deliveries }
  },
  devices: async ({ publicKey }, { client }) => {
    const found = publicKey === undefined ? await client.devices() : await client.devicesOf(parsePerson(publicKey))
    return found.map(device => deviceFact(device))
  },
  pair: ({ name, type }, { client }) => done(client.pair(name, type)),
  enableDevice: ({ installationId }, { client }) => done(client.enableDevice(installationId)),
  disableDevice: ({ installationId }, { client }) => done(client.disableDevice(installationId)),
  syncDevices: (_, { client }) => done(client.syncDevices()),
  publishContactCode: (_, { client }) => done(client.publishContactCode()),
  profile: async (_, { client }) => profileFact(await client.profile()),
  setProfile: ({ ensName, picture }, { client }) =>
    done(client.setProfile({ ensName, picture: picture === undefined ? undefined : withoutMetadataInUri(picture) }))
}
