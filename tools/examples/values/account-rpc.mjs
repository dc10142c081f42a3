import { exampleClient } from '../client.mjs'

/** An account over a client without network, and one fact of each kind that it may tell. */
export default async (own, use) => {
  const { encodeKeyText } = await use('@status-stack/status-accounts')
  const { client, chat, messageId, imageId, friend } = await exampleClient(use)
  const account = own.createAccount(client)
  const names = await own.namesOfAccount(account, { self: client.publicKey })
  const [message] = await account.history({ chat: '#status', limit: 1 })
  const entry = await account.ledger({ messageId })
  const ref = { kind: 'public', name: 'status' }
  const silent = { data: () => {}, note: () => {}, warn: () => {}, error: () => {} }
  return {
    others: ['@status-stack/status-client'],
    values: {
      client: () => client,
      account: () => account,
      chat: () => chat,
      messageId: () => messageId,
      message: () => message,
      entry: () => entry,
      names: () => names,
      publicKey: () => friend,
      self: () => client.publicKey,
      text: () => messageId,
      since: () => 0,
      until: () => 1,
      peers: () => [],
      servers: () => ['peer'],
      fact: () => ({ event: 'message', chat: ref }),
      sent: () => account.send({ chat: '#status', text: 'hello' }),
      contact: async () => (await account.contacts())[0],
      output: () => silent,
      tell: () => () => {},
      warn: () => () => {},
      reload: () => () => {},
      durationMs: () => 1000,
      replyTo: () => undefined,
      path: () => 'picture.png',
      readFile: () => async () => Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10),
      writeFile: () => async () => {},
      messages: () => [message],
      fetched: () => ({ event: 'fetched', mailserver: 'ab'.repeat(32), envelopes: 3, pages: 1 })
    },
    files: {
      groupView: { chat: async () => (await account.chats())[0] },
      deliveryMark: { entry: () => client.ledger(messageId) },
      readLink: { text: () => 'https://join.status.im/u/zQ3shgVXZLaMzm5S5x7XzGUG6YFHFLtoEMiv9ao2Bqa7hGyg2' },
      parsePerson: { text: () => encodeKeyText(friend) },
      clockTime: { message: () => ({ timestampMs: new Date(2020, 5, 1, 14, 7).getTime() }) },
      bytesOf: { messageId: () => imageId },
      attachmentName: { attachment: () => account.attachment({ messageId: imageId }) },
      attachmentOf: { messageId: () => imageId },
      fetchedView: { messages: () => 3 },
      changedView: { changed: () => account.react({ messageId, emoji: 'love' }) }
    },
    notRun: {
      assertAudio: 'needs a recording',
      serveAccount: 'listens on a socket',
      fetchHistory: 'needs a mailserver'
    }
  }
}
