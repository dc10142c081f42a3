import { exampleClient, memoryLevel } from '../client.mjs'

export default async (_own, use) => {
  const { client, deps, chat, messageId, identity, friend } = await exampleClient(use)
  const MemoryLevel = await memoryLevel()
  const { database, storageKey } = deps()
  return {
    values: {
      MemoryLevel: () => MemoryLevel,
      client: () => client,
      identity: () => identity,
      database: () => database,
      storageKey: () => storageKey,
      friend: () => friend,
      publicKey: () => friend,
      messageId: () => messageId,
      chat: () => chat,
      text: () => 'hello',
      clientTag: () => 'a tag',
      signal: () => new AbortController().signal,
      answerWhatRuns: () => async () => {},
      alice: () => ({ attach: async () => {} }),
      bob: () => ({ attach: async () => {} }),
      oldKey: () => storageKey,
      newKey: () => new Uint8Array(32).fill(4)
    },
    notRun: {
      createClient: 'starts workers and waits for peers',
      holdQueue: 'listens to the signals of the process'
    }
  }
}
