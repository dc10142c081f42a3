import { type LinkFixture, peerLinkCases } from '@status-stack/interface/testing'
import { connectedLinks } from '@status-stack/rlpx/testing'
import { describe, test } from 'vitest'
import { dialingHost, listeningHost } from '../helpers/hosts.ts'

const connect = (flowControl: boolean): Promise<LinkFixture> =>
  connectedLinks((capability, end) =>
    end === 'dialing'
      ? dialingHost({ capabilities: [capability] }, { flowControl })
      : listeningHost({ capabilities: [capability] })
  )

/** The same pair with the listening end first: the cases send from the first end. */
const swapped = async (flowControl: boolean): Promise<LinkFixture> => {
  const { a, b, release } = await connect(flowControl)
  return { a: b, b: a, release }
}

describe.each([
  { name: 'with flow control', flowControl: true },
  { name: 'as a plain stream of bytes', flowControl: false }
])('RLPx session over WebSocket, $name', ({ flowControl }) => {
  describe('from the dialing end', () => {
    for (const { name, run } of peerLinkCases(() => connect(flowControl))) test(`H-1 ${name}`, run)
  })
  describe('from the listening end', () => {
    for (const { name, run } of peerLinkCases(() => swapped(flowControl))) test(`H-1 ${name}`, run)
  })
})
