import { randomBytes } from '@status-stack/crypto'
import { privacyLayerCases } from '@status-stack/interface/testing'
import { generateIdentity } from '@status-stack/status-accounts'
import { describe, expect, test } from 'vitest'
import { createBoard } from '../src/array-layer.ts'
import { converse } from '../src/conversation.ts'

const person = () => generateIdentity({ bytes: randomBytes }).identity

describe('the board keeps the contract of the privacy layer', () => {
  const cases = privacyLayerCases(async () => {
    const join = createBoard()
    const nodes = [join(), join()] as const
    await Promise.all(nodes.map(node => node.start()))
    return {
      alice: nodes[0],
      bob: nodes[1],
      identities: [person(), person(), person()] as const,
      release: async () => {
        await Promise.all(nodes.map(node => node.stop()))
      }
    }
  })
  for (const { name, run } of cases) test(name, run)
})

test('a conversation over it is forward secret from the first answer on', async () => {
  const lines = await converse(['hello', 'hello yourself', 'how are you', 'fine'])
  expect(lines.map(({ to, text, protection }) => `${to}: ${text} (${protection})`)).toEqual([
    'bob: hello (static-key)',
    'alice: hello yourself (forward-secret)',
    'bob: how are you (forward-secret)',
    'alice: fine (forward-secret)'
  ])
})
