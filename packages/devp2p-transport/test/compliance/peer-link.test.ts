import { peerLinkCases } from '@status-stack/interface/testing'
import { connectedLinks } from '@status-stack/rlpx/testing'
import { describe, test } from 'vitest'
import { startedHost } from '../helpers/hosts.ts'

describe('RLPx session over TCP', () => {
  const connect = () => connectedLinks(capability => startedHost({ capabilities: [capability] }))
  for (const { name, run } of peerLinkCases(connect)) test(name, run)
})
