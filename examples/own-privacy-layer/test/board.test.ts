import { randomBytes } from '@status-stack/crypto'
import { dataLayerCases, privacyLayerCases } from '@status-stack/interface/testing'
import { generateIdentity } from '@status-stack/status-accounts'
import { defaultLayers } from '@status-stack/status-client'
import { describe, expect, test } from 'vitest'
import { createBoard } from '../src/array-layer.ts'
import { converse } from '../src/conversation.ts'
import { withRule } from '../src/house-rule.ts'

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
  const { lines } = await converse(['hello', 'hello yourself', 'how are you', 'fine'])
  expect(lines.map(({ to, text, protection }) => `${to}: ${text} (${protection})`)).toEqual([
    'bob: hello (static-key)',
    'alice: hello yourself (forward-secret)',
    'bob: how are you (forward-secret)',
    'alice: fine (forward-secret)'
  ])
})

test('a rule of one’s own in the data layer keeps a message out, and the conversation goes on', async () => {
  const { lines, refused } = await converse(['hello', 'buy coins', 'fine'], 'coins')
  expect(lines.map(({ text }) => text)).toEqual(['hello', 'fine'])
  expect(refused).toEqual(['house-rule'])
})

describe('the data layer with the rule keeps the contract', () => {
  const { data } = defaultLayers()
  const cases = dataLayerCases(async () => ({
    layer: withRule(data, ({ content }) => content.kind === 'text' && content.text.includes('coins')),
    identities: [person(), person(), person()],
    random: { bytes: randomBytes }
  }))
  for (const { name, run } of cases) test(name, run)
})
