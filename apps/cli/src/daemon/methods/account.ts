import { encodeKeyText } from '@status-stack/status-accounts'
import { assertRange, fetchMissed } from '../../mail/fetch.ts'
import { momentForms, parseMoment } from '../../mail/time.ts'
import { parseKey, parseTarget } from '../../target.ts'
import { version } from '../../version.ts'
import { deviceView, hexKey } from '../../view.ts'
import { ArgumentError, type Arguments } from '../arguments.ts'
import { done, type MethodTable } from './method.ts'

/** Unix seconds. */
const moment = (args: Arguments, name: string): number | undefined => {
  const text = args.optionalText(name)
  const seconds = text === undefined ? undefined : parseMoment(text, Date.now())
  if (text !== undefined && seconds === undefined) throw new ArgumentError(`${name}: ${momentForms}, not in the future`)
  return seconds
}

/** The account itself: who it is, its connections, its history elsewhere, its devices. */
export const ownMethods: MethodTable = {
  identity: {
    params: [],
    run: async client => ({
      event: 'identity',
      publicKey: hexKey(client.publicKey),
      text: encodeKeyText(client.publicKey),
      installationId: client.installationId,
      version: version()
    })
  },
  peers: {
    params: [],
    run: async client =>
      client.peers().map(({ peerId, remoteAddress }) => ({
        event: 'peer',
        state: 'connected',
        peerId,
        ...(remoteAddress === undefined ? {} : { address: remoteAddress })
      }))
  },
  places: { params: [], run: async client => client.places() },
  fetch: {
    params: ['chats', 'since', 'until', 'mailserver'],
    run: async (client, args, signal) => {
      const chats = args.optionalTexts('chats')?.map(parseTarget)
      const range = { since: moment(args, 'since'), until: moment(args, 'until') }
      assertRange(range)
      for (const chat of chats ?? []) if (chat.kind === 'public') await client.joinPublic(chat.name)
      const result = await fetchMissed(client, { ...range, chats, mailserver: args.optionalText('mailserver'), signal })
      return { mailserver: result.mailserver, pages: result.pages, envelopes: result.deliveries }
    }
  },
  devices: {
    params: ['publicKey'],
    run: async (client, args) => {
      const who = args.optionalText('publicKey')
      const devices = who === undefined ? await client.devices() : await client.devicesOf(parseKey(who))
      return devices.map(device => deviceView(device).event)
    }
  },
  pair: {
    params: ['name', 'type'],
    run: (client, args) => done(client.pair(args.text('name'), args.optionalText('type') ?? 'daemon'))
  },
  enableDevice: {
    params: ['installationId'],
    run: (client, args) => done(client.enableDevice(args.text('installationId')))
  },
  disableDevice: {
    params: ['installationId'],
    run: (client, args) => done(client.disableDevice(args.text('installationId')))
  },
  syncDevices: { params: [], run: client => done(client.syncDevices()) },
  publishContactCode: { params: [], run: client => done(client.publishContactCode()) },
  setProfile: {
    params: ['ensName', 'picture'],
    run: (client, args) =>
      done(client.setProfile({ ensName: args.optionalText('ensName'), picture: args.optionalText('picture') }))
  }
}
