import { equalBytes, generatePrivateKey } from '@status-stack/crypto'
import {
  type Capability,
  createHost,
  formatEnode,
  type HostEvents,
  type PeerLink
} from '@status-stack/devp2p-transport'
import { createDiscovery, type Discovery } from '@status-stack/devp2p-transport/discovery'
import { afterEach, describe, expect, test } from 'vitest'
import { buildGo, type GoBuild, type GoProgram, startGo } from '../support/go-program.ts'
import { next, patience, until } from '../support/until.ts'

const implementations: readonly (readonly [string, GoBuild])[] = [
  ['go-ethereum 1.9.5', buildGo('go', 'discovery-1.9.5', './discovery')],
  ['go-ethereum 1.17.10', buildGo('go-latest', 'discovery-latest')]
]

const running: { readonly stop: () => Promise<unknown> }[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map(one => one.stop()))
})

async function start(build: GoBuild, ...args: string[]): Promise<GoProgram> {
  if ('missing' in build) throw new Error(build.missing)
  const program = await startGo(build.program, args)
  running.push(program)
  return program
}

interface Ours {
  readonly discovery: Discovery
  readonly enode: string
  readonly peerId: string
}

async function ours(bootnodes: readonly string[] = []): Promise<Ours> {
  const privateKey = generatePrivateKey()
  // A host that is never started knows our id and public key.
  const { publicKey, peerId } = createHost({ privateKey, capabilities: [] })
  const discovery = createDiscovery({ privateKey }, { tcpPort: 30_303, bootnodes, refreshIntervalMs: 5_000 })
  await discovery.start()
  running.push(discovery)
  const udpPort = discovery.endpoint()?.port ?? 0
  return { discovery, peerId, enode: formatEnode({ publicKey, host: '127.0.0.1', tcpPort: 30_303, udpPort }) }
}

const knows = ({ discovery }: Ours, { enode }: { readonly enode: string }): boolean =>
  discovery.known().some(({ publicKey }) => formatEnode({ publicKey }) === enode.split('@')[0])

/** What a capability of ours does with the one link it is given. */
function once(): { readonly capability: Capability; readonly link: Promise<PeerLink>; readonly end: () => void } {
  let give: (link: PeerLink) => void = () => undefined
  let end = (): void => undefined
  const link = new Promise<PeerLink>(resolve => {
    give = resolve
  })
  const run = (found: PeerLink): Promise<void> =>
    new Promise(resolve => {
      end = resolve
      give(found)
    })
  return { capability: { name: 'echo', version: 1, length: 4, run }, link, end: () => end() }
}

for (const [name, build] of implementations) {
  if ('missing' in build) console.warn(`interop with the discovery of ${name} is skipped: ${build.missing}`)

  describe.skipIf('missing' in build)(`discovery of ${name}`, { timeout: 5 * patience }, () => {
    test('our nodes find each other through its bootnode, which does not know its own address', async () => {
      const boot = await start(build)
      const [first, second] = [await ours([boot.enode]), await ours([boot.enode])]
      await until('both to know the bootnode', () => knows(first, boot) && knows(second, boot))
      await until('the two to find each other', async () => {
        await first.discovery.randomNodes()
        await second.discovery.randomNodes()
        return knows(first, second) && knows(second, first)
      })
    })

    test('it finds others through our node, and gets the record that we made for ourselves', async () => {
      const boot = await ours()
      const other = await ours([boot.enode])
      const go = await start(build, '-boot', boot.enode)
      await until('our nodes to know it', () => knows(boot, go))
      await until('it to find the other one through us', async () => {
        go.tell({ do: 'lookup' })
        await new Promise(resolve => setTimeout(resolve, 500))
        return go.events.some(({ ids }) => Array.isArray(ids) && ids.includes(other.peerId))
      })
      go.tell({ do: 'record', enode: boot.enode })
      const record = await go.event('our record', ({ event }) => event === 'record')
      expect(record).toMatchObject({
        id: boot.peerId,
        ip: '127.0.0.1',
        udp: boot.discovery.endpoint()?.port,
        tcp: 30_303
      })
    })

    test('we get its record', async () => {
      const go = await start(build)
      const { discovery } = await ours()
      await until('its record', async () => {
        const record = await discovery.requestRecord(go.enode).catch(() => undefined)
        return record !== undefined
      })
    })
  })

  describe.skipIf('missing' in build)(`the p2p.Server of ${name}`, { timeout: 5 * patience }, () => {
    test.each(['we dial it', 'it dials us'])('takes our Hello and sends 300 kB back, when %s', async who => {
      const go = await start(build, '-mode', 'peer')
      const { capability, link, end } = once()
      const host = createHost({ privateKey: generatePrivateKey(), capabilities: [capability] })
      await host.start()
      running.push(host)
      if (who === 'we dial it') await host.dial(go.enode.replace('?discport=0', ''))
      else go.tell({ do: 'dial', enode: host.enode() })
      const peer = await link
      expect(host.peers()).toMatchObject([{ peerId: go.peerId, clientName: 'interop', protocolVersion: 5 }])
      const large = Uint8Array.from({ length: 300_000 }, (_, i) => (Math.imul(i, 2_654_435_761) >>> 13) & 0xff)
      await peer.send(2, large)
      const packets = peer.packets()[Symbol.asyncIterator]()
      const answer = await next('the same bytes', packets)
      expect(answer.code).toBe(2)
      expect(equalBytes(answer.payload, large)).toBe(true)
      expect(await go.event('what it read', ({ event }) => event === 'echoed')).toMatchObject({
        code: 2,
        bytes: 300_000
      })
      end()
    })

    test('keeps 2 000 messages of every code in order, and its goodbye reaches us', async () => {
      const go = await start(build, '-mode', 'peer')
      const { capability, link, end } = once()
      const host = createHost({ privateKey: generatePrivateKey(), capabilities: [capability] })
      await host.start()
      running.push(host)
      const removed = new Promise<HostEvents['peerdisconnected']>(resolve => {
        host.on('peerdisconnected', fact => resolve(fact))
      })
      await host.dial(go.enode.replace('?discport=0', ''))
      const peer = await link
      const packets = peer.packets()[Symbol.asyncIterator]()
      const count = 2_000
      const sending = (async () => {
        for (let i = 0; i < count; i++) await peer.send(i % 4, Uint8Array.of(i >> 8, i & 255))
      })()
      for (let i = 0; i < count; i++) {
        const { code, payload } = await next(`message ${i}`, packets)
        if (code !== i % 4 || payload[0] !== i >> 8 || payload[1] !== (i & 255)) expect({ i, code, payload }).toBeNull()
      }
      await sending
      await go.stop()
      expect((await removed).ending).toMatchObject({ by: 'peer', reason: 'client-quitting', reasonCode: 8 })
      end()
    })
  })
}
