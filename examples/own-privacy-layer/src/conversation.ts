import { randomBytes } from '@status-stack/crypto'
import { generateIdentity } from '@status-stack/status-accounts'
import { defaultLayers, type Message } from '@status-stack/status-client'
import { composeClient } from '@status-stack/status-client/compose'
import { MemoryLevel } from 'memory-level'
import { createBoard } from './array-layer.ts'

/** What one of the two read: the text, and how it was protected. */
export interface Line {
  readonly to: string
  readonly text: string
  readonly protection: Message['protection']
}

/** Two messengers on one board: the layers of the 2019 network but for Whisper, whose place the board takes. */
export async function converse(texts: readonly string[]): Promise<readonly Line[]> {
  const join = createBoard()
  const open = async (name: string) =>
    composeClient(
      {
        identity: generateIdentity({ bytes: randomBytes }).identity,
        database: new MemoryLevel(),
        storageKey: randomBytes(32)
      },
      { ...defaultLayers(), privacy: join },
      { installationId: name, lockAccount: false, messageRequests: false, syncTickMs: 10 }
    )
  const people = [await open('alice'), await open('bob')] as const
  await Promise.all(people.map(client => client.start()))
  const lines: Line[] = []
  for (const [turn, text] of texts.entries()) {
    const [from, to] = turn % 2 === 0 ? people : [people[1], people[0]]
    const read = new Promise<Message>(resolve => to.on('message', message => message.text === text && resolve(message)))
    await from.send({ kind: 'one-to-one', publicKey: to.publicKey }, { text })
    const { protection } = await read
    lines.push({ to: to.installationId, text, protection })
  }
  await Promise.all(people.map(client => client.stop()))
  return lines
}
