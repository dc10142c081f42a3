import { randomBytes } from '@status-stack/crypto'
import { generateIdentity } from '@status-stack/status-accounts'
import { defaultLayers, type Message } from '@status-stack/status-client'
import { composeClient } from '@status-stack/status-client/compose'
import { MemoryLevel } from 'memory-level'
import { createBoard } from './array-layer.ts'
import { withRule } from './house-rule.ts'

/** What one of the two read: the text, and how it was protected. */
export interface Line {
  readonly to: string
  readonly text: string
  readonly protection: Message['protection']
}

/** What `converse` gives: the lines that were read, and the reasons why others were not. */
export interface Conversation {
  readonly lines: readonly Line[]
  readonly refused: readonly string[]
}

/**
 * Two messengers on one board: the layers of the 2019 network but for Whisper, whose place the board takes, and with one rule more in
 * the data layer: texts with `unwanted` in them are not shown.
 */
export async function converse(texts: readonly string[], unwanted?: string): Promise<Conversation> {
  const join = createBoard()
  const layers = defaultLayers()
  const data = withRule(
    layers.data,
    ({ content }) => unwanted !== undefined && content.kind === 'text' && content.text.includes(unwanted)
  )
  const open = async (name: string) =>
    composeClient(
      {
        identity: generateIdentity({ bytes: randomBytes }).identity,
        database: new MemoryLevel(),
        storageKey: randomBytes(32)
      },
      { ...layers, privacy: join, data },
      { installationId: name, lockAccount: false, messageRequests: false, syncTickMs: 10 }
    )
  const people = [await open('alice'), await open('bob')] as const
  await Promise.all(people.map(client => client.start()))
  const lines: Line[] = []
  const refused: string[] = []
  for (const [turn, text] of texts.entries()) {
    const [from, to] = turn % 2 === 0 ? people : [people[1], people[0]]
    const answer = new Promise<Message | string>(resolve => {
      to.on('message', message => message.text === text && resolve(message))
      to.on('refused', ({ reason, expected }) => expected || resolve(reason))
    })
    await from.send({ kind: 'one-to-one', publicKey: to.publicKey }, { text })
    const message = await answer
    if (typeof message === 'string') refused.push(message)
    else lines.push({ to: to.installationId, text, protection: message.protection })
  }
  await Promise.all(people.map(client => client.stop()))
  return { lines, refused }
}
