import { parseCompleteEnode } from '@status-stack/rlpx'
import { type CreateHostileGround, hostilePeerCases } from '@status-stack/rlpx/testing'
import { describe, test } from 'vitest'
import { tcpCarrier } from '../../src/index.ts'
import { startedHost } from '../helpers/hosts.ts'

const overTcp: CreateHostileGround = async (deps, options) => {
  const host = await startedHost(deps, options)
  const { host: address, tcpPort: port } = parseCompleteEnode(host.enode())
  return {
    host,
    connect: () => tcpCarrier.dial({ host: address, port }, { signal: new AbortController().signal }),
    release: host.stop
  }
}

describe('a hostile peer over TCP:', () => {
  for (const { name, run } of hostilePeerCases(overTcp)) test(name, run)
})
