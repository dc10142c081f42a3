import { brokenCases } from '@status-stack/interface/testing'
import { describe, expect, test } from 'vitest'
import { type CreateHostileGround, createMemoryNetwork, hostilePeerCases } from '../../src/testing/index.ts'
import { startedHost } from '../helpers/hosts.ts'

const inMemory: CreateHostileGround = async (deps, options) => {
  const network = createMemoryNetwork()
  const host = await startedHost(
    { ...deps, carrier: network.carrier('127.0.0.1') },
    { ...options, listen: { port: 1 } }
  )
  return {
    host,
    connect: () => network.connect('127.0.0.1', { host: '127.0.0.1', port: 1 }),
    release: host.stop
  }
}

describe('a hostile peer over a connection in memory:', () => {
  for (const { name, run } of hostilePeerCases(inMemory)) test(name, run)
})

test('the cases notice a host that lets more in than it was told to', async () => {
  const lax: CreateHostileGround = (deps, options) => inMemory(deps, { ...options, maxPendingInbound: 1000 })
  const bounded = hostilePeerCases(lax).filter(({ name }) => name.startsWith('silent connections'))
  expect(await brokenCases(bounded)).toHaveLength(1)
})
