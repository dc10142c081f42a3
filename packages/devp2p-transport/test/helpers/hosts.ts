import { generatePrivateKey } from '@status-stack/crypto'
import { sinkCapability } from '@status-stack/rlpx/testing'
import { afterEach } from 'vitest'
import { createHost, type Host, type HostDeps, type HostOptions } from '../../src/index.ts'

export {
  type Opened,
  once,
  record,
  sinkCapability,
  until
} from '@status-stack/rlpx/testing'

const started: Host[] = []

afterEach(async () => {
  await Promise.all(started.splice(0).map(host => host.stop()))
})

/** A host that the test file stops by itself. */
function host(deps: Partial<HostDeps> = {}, options: HostOptions = {}): Host {
  const made = createHost({ privateKey: generatePrivateKey(), capabilities: [sinkCapability()], ...deps }, options)
  started.push(made)
  return made
}

export async function startedHost(deps: Partial<HostDeps> = {}, options: HostOptions = {}): Promise<Host> {
  const made = host(deps, options)
  await made.start()
  return made
}
