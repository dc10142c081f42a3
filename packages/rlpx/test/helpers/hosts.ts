import { generatePrivateKey } from '@status-stack/crypto'
import { afterEach } from 'vitest'
import { createHost, type Host, type HostDeps, type HostOptions } from '../../src/index.ts'
import { createMemoryNetwork, sinkCapability } from '../../src/testing/index.ts'

export {
  echoCapability,
  type Opened,
  once,
  openCapability,
  record,
  sinkCapability,
  until
} from '../../src/testing/index.ts'

/** Where hosts that name no carrier meet. */
const network = createMemoryNetwork()

const started: Host[] = []

afterEach(async () => {
  await Promise.all(started.splice(0).map(host => host.stop()))
})

/** A host that the test file stops by itself. */
export function host(deps: Partial<HostDeps> = {}, options: HostOptions = {}): Host {
  const made = createHost(
    {
      privateKey: generatePrivateKey(),
      capabilities: [sinkCapability()],
      carrier: network.carrier('127.0.0.1'),
      ...deps
    },
    options
  )
  started.push(made)
  return made
}

export async function startedHost(deps: Partial<HostDeps> = {}, options: HostOptions = {}): Promise<Host> {
  const made = host(deps, options)
  await made.start()
  return made
}
