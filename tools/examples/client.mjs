// A client over memory, without network, that has written something: for the examples of what is built on one.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from '../packed.mjs'

/** The database of tests, as the client's package has it. */
export async function memoryLevel() {
  const place = createRequire(join(root, 'packages/status-client/package.json')).resolve('memory-level')
  return (await import(pathToFileURL(place).href)).MemoryLevel
}

/** Alice, in #status, with Bob as a contact. */
export async function exampleClient(use) {
  const { createClient } = await use('@status-stack/status-client')
  const { createIdentityKey } = await use('@status-stack/status-accounts')
  const MemoryLevel = await memoryLevel()
  const [identity, bob] = [1, 2].map(fill => createIdentityKey(new Uint8Array(32).fill(fill)))
  const deps = () => ({
    identity,
    database: new MemoryLevel(),
    storageKey: new Uint8Array(32).fill(3),
    whisper: { powWorkers: 0 }
  })
  const client = await createClient(deps(), { lockAccount: false })
  const chat = { kind: 'public', name: 'status' }
  await client.joinPublic(chat.name)
  await client.addContact(bob.publicKey)
  const { messageId } = await client.send(chat, { text: 'hello' })
  // The first bytes of a picture are what it is told by.
  const image = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10)
  const picture = await client.send(chat, { image })
  return { client, imageId: picture.messageId, deps, chat, messageId, identity, friend: bob.publicKey }
}
