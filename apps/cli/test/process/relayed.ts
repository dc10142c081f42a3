import { afterEach, beforeEach } from 'vitest'
import { createSandbox, type Sandbox } from './cli.ts'
import { type OtherNode, startOther } from './peers.ts'

/** What each test of a file finds anew. */
interface Relayed {
  readonly sandbox: Sandbox
  /** A node in the process of the test, which programs of the sandbox can name as their peer. */
  readonly relay: OtherNode
}

/** A sandbox with a relay for every test of the file; both end with the test. */
export function eachWithRelay(): Relayed {
  const now: { sandbox?: Sandbox; relay?: OtherNode } = {}
  const running = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('no test is running')
    return part
  }
  beforeEach(async () => {
    now.sandbox = createSandbox()
    now.relay = await startOther({ host: { listen: { port: 0 } } })
  })
  afterEach(async () => {
    await now.sandbox?.dispose()
    await now.relay?.stop()
  })
  return {
    get sandbox() {
      return running(now.sandbox)
    },
    get relay() {
      return running(now.relay)
    }
  }
}
