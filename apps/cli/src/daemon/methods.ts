import type { Client } from '@status-stack/status-client'
import { assertRange, fetchMissed } from '../mail/fetch.ts'
import { momentForms, parseMoment } from '../mail/time.ts'
import { parseKey, parseTarget } from '../target.ts'
import { chatView, contactView, deviceView, hexKey, ledgerView, messageView } from '../view.ts'
import { ArgumentError, type Arguments } from './arguments.ts'

/** One method of the account's JSON-RPC; results are the objects that `--json` prints. */
export interface AccountMethod {
  readonly params: readonly string[]
  readonly run: (client: Client, args: Arguments) => Promise<unknown>
}

const emojis = ['love', 'thumbs-up', 'thumbs-down', 'laugh', 'sad', 'angry'] as const

const done = async (work: Promise<unknown>): Promise<object> => {
  await work
  return {}
}

const group = (args: Arguments): string => {
  const chat = parseTarget(args.text('group'))
  return chat.kind === 'group' ? chat.id : ''
}

/** Unix seconds. */
const moment = (args: Arguments, name: string): number | undefined => {
  const text = args.optionalText(name)
  const seconds = text === undefined ? undefined : parseMoment(text, Date.now())
  if (text !== undefined && seconds === undefined) throw new ArgumentError(`${name}: ${momentForms}, not in the future`)
  return seconds
}

/** By name; documented in README.md. */
export const accountMethods: Readonly<Record<string, AccountMethod>> = {
  identity: {
    params: [],
    run: async client => ({ publicKey: hexKey(client.publicKey), installationId: client.installationId })
  },
  peers: { params: [], run: async client => client.peers() },
  chats: { params: [], run: async client => (await client.chats()).map(chat => chatView(chat).event) },
  history: {
    params: ['chat', 'limit', 'before'],
    run: async (client, args) =>
      (
        await client.messages(parseTarget(args.text('chat')), {
          limit: args.count('limit', 50, 1000),
          before: args.optionalText('before')
        })
      ).map(message => messageView(message).event)
  },
  fetch: {
    params: ['chats', 'since', 'until', 'mailserver'],
    run: async (client, args) => {
      const chats = args.optionalTexts('chats')?.map(parseTarget)
      const range = { since: moment(args, 'since'), until: moment(args, 'until') }
      assertRange(range)
      for (const chat of chats ?? []) if (chat.kind === 'public') await client.joinPublic(chat.name)
      const result = await fetchMissed(client, { ...range, chats, mailserver: args.optionalText('mailserver') })
      return { mailserver: result.mailserver, pages: result.pages, envelopes: result.deliveries }
    }
  },
  send: {
    params: ['chat', 'text', 'replyTo', 'clientTag'],
    run: async (client, args) => {
      const chat = parseTarget(args.text('chat'))
      if (chat.kind === 'public') await client.joinPublic(chat.name)
      return client.send(
        chat,
        { text: args.text('text'), replyTo: args.optionalText('replyTo') },
        { clientTag: args.optionalText('clientTag') }
      )
    }
  },
  ledger: {
    params: ['messageId'],
    run: async (client, args) => {
      const entry = await client.ledger(args.text('messageId'))
      return entry === undefined ? null : ledgerView(entry, client.publicKey).event
    }
  },
  edit: {
    params: ['messageId', 'text'],
    run: (client, args) => done(client.edit(args.text('messageId'), args.text('text')))
  },
  delete: { params: ['messageId'], run: (client, args) => done(client.deleteMessage(args.text('messageId'))) },
  react: {
    params: ['messageId', 'emoji', 'on'],
    run: (client, args) => {
      const emoji = emojis.find(name => name === args.text('emoji'))
      if (emoji === undefined) throw new RangeError(`emoji: expected one of ${emojis.join(', ')}`)
      return done(client.react(args.text('messageId'), emoji, args.flag('on', true)))
    }
  },
  seen: {
    params: ['chat'],
    run: async (client, args) => ({ messages: await client.markSeen(parseTarget(args.text('chat'))) })
  },
  joinChat: {
    params: ['chat'],
    run: (client, args) => {
      const chat = parseTarget(args.text('chat'))
      return done(chat.kind === 'public' ? client.joinPublic(chat.name) : client.acceptRequest(chat))
    }
  },
  leaveChat: {
    params: ['chat'],
    run: (client, args) => {
      const chat = parseTarget(args.text('chat'))
      if (chat.kind === 'public') return done(client.leavePublic(chat.name))
      return done(chat.kind === 'group' ? client.leaveGroup(chat.id) : client.clearChat(chat))
    }
  },
  contacts: { params: [], run: async client => (await client.contacts()).map(contact => contactView(contact).event) },
  addContact: {
    params: ['publicKey'],
    run: (client, args) => done(client.addContact(parseKey(args.text('publicKey'))))
  },
  removeContact: {
    params: ['publicKey'],
    run: (client, args) => done(client.removeContact(parseKey(args.text('publicKey'))))
  },
  block: { params: ['publicKey'], run: (client, args) => done(client.block(parseKey(args.text('publicKey')))) },
  unblock: { params: ['publicKey'], run: (client, args) => done(client.unblock(parseKey(args.text('publicKey')))) },
  createGroup: {
    params: ['name', 'members'],
    run: (client, args) => client.createGroup(args.text('name'), args.texts('members').map(parseKey))
  },
  joinGroup: { params: ['group'], run: (client, args) => done(client.joinGroup(group(args))) },
  inviteToGroup: {
    params: ['group', 'members'],
    run: (client, args) => done(client.inviteToGroup(group(args), args.texts('members').map(parseKey)))
  },
  removeFromGroup: {
    params: ['group', 'publicKey'],
    run: (client, args) => done(client.removeFromGroup(group(args), parseKey(args.text('publicKey'))))
  },
  renameGroup: {
    params: ['group', 'name'],
    run: (client, args) => done(client.renameGroup(group(args), args.text('name')))
  },
  devices: { params: [], run: async client => (await client.devices()).map(device => deviceView(device).event) }
}
