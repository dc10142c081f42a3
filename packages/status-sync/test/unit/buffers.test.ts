import { expect, test } from 'vitest'
import { bob, testNode, text } from '../support/node.ts'

test('a Node buffer is copied too, although its slices share memory', async () => {
  const node = testNode()
  const [peer, body] = [Buffer.from(bob), Buffer.from('before')]
  await node.sync.enqueue({ peer, body, tracking: 't' })
  peer.fill(1)
  body.fill(1)
  await node.sync.tick()
  expect(node.sent[0]?.peer).toEqual(bob)
  expect(node.sent[0]?.payload.messages[0]?.body).toEqual(text('before'))
})
