import { type CreateHostileGround, hostilePeerCases } from '@status-stack/rlpx/testing'
import { describe, test } from 'vitest'
import { parseWebSocketUrl, webSocketCarrier } from '../../src/index.ts'
import { listeningHost } from '../helpers/hosts.ts'

const overWebSocket =
  (flowControl: boolean): CreateHostileGround =>
  async (deps, options) => {
    const host = await listeningHost(deps, options)
    const address = parseWebSocketUrl(host.enode())
    const carrier = webSocketCarrier({ flowControl })
    return {
      host,
      connect: () => carrier.dial(address, { signal: new AbortController().signal }),
      release: host.stop
    }
  }

describe('a hostile peer over WebSocket:', () => {
  for (const { name, run } of hostilePeerCases(overWebSocket(true))) test(`H-2 ${name}`, run)
})

describe('a hostile peer over WebSocket without flow control:', () => {
  for (const { name, run } of hostilePeerCases(overWebSocket(false))) test(`H-2 ${name}`, run)
})
