import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseCompleteEnode, peerIdOf } from '@status-stack/devp2p-transport'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSandbox, jsonLines, type Running, type Sandbox } from './cli.ts'
import { eventually, type OtherNode, startOther } from './peers.ts'

let sandbox: Sandbox
const others: OtherNode[] = []
const closers: (() => void)[] = []
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(async () => {
  for (const close of closers.splice(0)) close()
  await sandbox.dispose()
  await Promise.all(others.splice(0).map(({ stop }) => stop()))
})

interface Node {
  readonly running: Running
  readonly enode: string
  readonly peerId: string
}

async function startNode(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Node> {
  const running = sandbox.start(['--json', 'node', '--ephemeral', ...args], environment)
  const [enode] = await running.until(/enode:\/\/[0-9a-f]+@[^"]+(?=","peerId")/)
  return { running, enode, peerId: peerIdOf(parseCompleteEnode(enode).publicKey) }
}

const loopback = ['--listen', '127.0.0.1:0']

/** Whom the node says it connected to. */
const met = ({ running }: Node): ReadonlySet<unknown> =>
  new Set(
    jsonLines(running.stdout())
      .filter(line => line['event'] === 'peer' && line['state'] === 'connected')
      .map(line => line['peerId'])
  )

/** Calls the shh API of a node. */
function apiOf(path: string): (method: string, ...params: unknown[]) => Promise<unknown> {
  const connection = createConnection(path)
  closers.push(() => connection.destroy())
  connection.on('error', () => {})
  const lines = createInterface({ input: connection })[Symbol.asyncIterator]()
  return async (method, ...params) => {
    connection.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })}\n`)
    const { result, error } = JSON.parse((await lines.next()).value)
    if (error) throw new Error(`${method}: ${error.message}`)
    return result
  }
}

describe('discovery', () => {
  test('three nodes that know one bootnode find each other, and a message crosses them when the bootnode is gone', async () => {
    const boot = await startNode([...loopback, '--discovery'])
    const socketOf = (i: number): string => join(sandbox.folder, `${i}.ipc`)
    const nodes: Node[] = []
    for (let i = 0; i < 3; i++)
      nodes.push(await startNode([...loopback, '--bootnode', boot.enode, '--shh-ipc', socketOf(i)]))
    await eventually('everybody has met everybody', () =>
      nodes.every(node => nodes.every(other => other === node || met(node).has(other.peerId)))
    )
    boot.running.child.kill('SIGKILL')
    await boot.running.ended
    const [from, to] = [apiOf(socketOf(0)), apiOf(socketOf(2))]
    const topic = '0x7465737a'
    const key = (api: typeof from) => api('shh_generateSymKeyFromPassword', 'found')
    const filter = await to('shh_newMessageFilter', { symKeyID: await key(to), topics: [topic] })
    const hash = await from('shh_post', {
      symKeyID: await key(from),
      topic,
      payload: '0x1234',
      ttl: 60,
      powTime: 5,
      powTarget: 0.001
    })
    const got: { hash: string }[] = []
    await eventually('the message', async () => {
      got.push(...((await to('shh_getFilterMessages', filter)) as { hash: string }[]))
      return got.length > 0
    })
    expect(got.map(message => message.hash)).toEqual([hash])
    for (const { running } of nodes) running.child.kill('SIGTERM')
    for (const { running } of nodes) expect((await running.ended).code).toBe(0)
  })

  test('the first two nodes of a network connect: one is the bootnode of the other', async () => {
    const boot = await startNode([...loopback, '--discovery'])
    const node = await startNode([...loopback, '--bootnode', boot.enode])
    await eventually('they have met', () => met(node).has(boot.peerId) && met(boot).has(node.peerId))
  })

  test('clients that were told of a bootnode only find a relay', async () => {
    const boot = await startNode([...loopback, '--discovery'])
    const relay = await startNode([...loopback, '--bootnode', boot.enode])
    const made = await sandbox.run(['--json', '--profile', 'bob', 'init', '--light-kdf'])
    const bob = String(jsonLines(made.stdout)[0]?.['text'])
    await sandbox.run(['--profile', 'alice', 'init', '--light-kdf'])
    const listening = sandbox.start([
      '--json',
      '--profile',
      'bob',
      'listen',
      '--bootnode',
      boot.enode,
      '--count',
      '1',
      '--for',
      '60'
    ])
    await listening.until(/"state":"connected"/)
    const sending = sandbox.start(
      ['--json', '--profile', 'alice', 'send', '--discovery', '--to', bob, '--wait', 'acknowledged', 'found you'],
      { STATUS_STACK_BOOTNODES: boot.enode }
    )
    sending.child.stdin?.end()
    const sent = await sending.ended
    expect(sent.code, sent.stdout + sent.stderr).toBe(0)
    const heard = jsonLines((await listening.ended).stdout)
    expect(heard.find(line => line['event'] === 'message')).toMatchObject({ text: 'found you' })
    expect([boot.peerId, relay.peerId]).toContain(heard.find(line => line['state'] === 'connected')?.['peerId'])
  })

  test('a node begins with the peers that it remembers when it starts again, without its bootnode', async () => {
    const boot = await startNode([...loopback, '--discovery'])
    const friend = await startNode([...loopback, '--bootnode', boot.enode])
    const kept = ['--json', '--profile', 'kept', 'node', '--light-kdf', ...loopback, '--discovery']
    const first = sandbox.start([...kept, '--bootnode', boot.enode])
    await first.until(new RegExp(`"state":"connected","peerId":"${friend.peerId}"`))
    const file = join(sandbox.dataFolder, 'kept', 'peers.json')
    await eventually('it to be remembered', () => existsSync(file) && readFileSync(file, 'utf8').includes(friend.enode))
    for (const running of [first, boot.running]) {
      running.child.kill('SIGTERM')
      await running.ended
    }
    expect(statSync(file).mode & 0o077).toBe(0)
    const second = sandbox.start(kept)
    await second.until(new RegExp(`"state":"connected","peerId":"${friend.peerId}"`))
    second.child.kill('SIGTERM')
    expect((await second.ended).code).toBe(0)
    // What cannot be read is no reason to stay down.
    for (const damage of ['', '{"peers":[1,{"enode":7}]}', 'x'.repeat(100_000)]) {
      writeFileSync(file, damage)
      const again = sandbox.start(kept)
      await again.until(/"event":"ready"/)
      again.child.kill('SIGTERM')
      expect((await again.ended).code).toBe(0)
    }
  })

  test('a bootnode in the environment is not enough for a client: discovery is its choice', async () => {
    await sandbox.run(['init', '--light-kdf'])
    const boot = await startNode([...loopback, '--discovery'])
    const sending = sandbox.start(['--json', 'send', '--to', '#status', '--timeout', '1', 'hello'], {
      STATUS_STACK_BOOTNODES: boot.enode
    })
    sending.child.stdin?.end()
    const { code, stdout } = await sending.ended
    expect(code).toBe(4)
    expect(stdout).not.toContain('"event":"discovery"')
  })

  test('a UDP port that is taken ends the run with a sentence when it was asked for', async () => {
    const first = await startNode([...loopback, '--discovery'])
    const { udpPort } = parseCompleteEnode(first.enode)
    const { code, stdout } = await sandbox.run([
      '--json',
      'node',
      '--ephemeral',
      ...loopback,
      '--discovery',
      '--discovery-port',
      String(udpPort)
    ])
    expect(code).toBe(1)
    expect(jsonLines(stdout).at(-1)).toMatchObject({ event: 'error', code: 'discovery-port' })
  })
})

describe('--nat', () => {
  test('extip:IP is what the enode URL says, with the UDP port where it differs', async () => {
    const taken = await startNode([...loopback, '--discovery'])
    const other = (await startNode([...loopback, '--discovery'])).enode
    const free = parseCompleteEnode(taken.enode).tcpPort
    taken.running.child.kill('SIGTERM')
    await taken.running.ended
    const node = await startNode([
      ...loopback,
      '--nat',
      'extip:127.0.0.1',
      '--bootnode',
      other,
      '--discovery-port',
      String(free)
    ])
    expect(node.enode).toMatch(new RegExp(`@127\\.0\\.0\\.1:\\d+\\?discport=${free}$`))
    const far = await startNode([...loopback, '--nat', 'EXTIP:203.0.113.9'])
    expect(far.enode).toMatch(/@203\.0\.113\.9:\d+$/)
  })

  test.each([
    ['missing IP address', ['--nat', 'extip']],
    ['invalid IP address', ['--nat', 'extip:here']],
    ['unknown mechanism', ['--nat', 'magic']],
    ['expected networks like', ['--net-restrict', '10.0.0.0']],
    ['at most 256 networks', ['--net-restrict', Array.from({ length: 300 }, () => '10.0.0.0/8').join(',')]],
    ['a bootnode is not an enode URL', ['--bootnode', 'enode://12']],
    ['a trusted peer is not an enode, ws or wss URL', ['--trusted', 'enode://12']],
    ['not an address', ['--metrics', 'somewhere']],
    ['expected a port', ['--discovery-port', '70000']],
    ['expected a', ['--dial-ratio', '0']],
    ['expected a number', ['--status-interval', 'often']]
  ])('and its neighbours refuse with exit code 2: %s', async (sentence, args) => {
    const { code, stderr } = await sandbox.run(['node', '--ephemeral', ...loopback, ...args])
    expect(stderr).toContain(sentence)
    expect(code).toBe(2)
    expect(stderr).not.toMatch(/\n\s+at /)
  })
})

describe.skipIf(process.platform !== 'linux')('--net-restrict', () => {
  test('nodes outside are neither accepted nor dialed, found or named', async () => {
    const at = (address: string): readonly string[] => ['--listen', `${address}:0`]
    const boot = await startNode([...at('127.2.0.1'), '--discovery'])
    const inside = await startNode([...at('127.2.0.2'), '--bootnode', boot.enode])
    const outside = await startNode([...at('127.3.0.1'), '--bootnode', boot.enode])
    await eventually('the one outside has met the others', () =>
      [boot, inside].every(({ peerId }) => met(outside).has(peerId))
    )
    const keeper = await startNode([
      ...at('127.2.0.9'),
      '--bootnode',
      boot.enode,
      '--net-restrict',
      '127.2.0.0/16, ::1/128'
    ])
    await eventually('the keeper has met the others', () =>
      [boot, inside].every(({ peerId }) => met(keeper).has(peerId))
    )
    // Connections on this machine come from 127.0.0.1, which is outside.
    const caller = await startOther()
    others.push(caller)
    await expect(caller.host.dial(keeper.enode)).rejects.toThrow()
    await keeper.running.until(/"event":"refused-connection","reason":"not-allowed","stage":"accept"/)
    expect([...met(keeper)].sort()).toEqual([boot.peerId, inside.peerId].sort())
    expect(keeper.running.stdout()).not.toContain(outside.peerId)
    expect(met(outside).has(keeper.peerId)).toBe(false)
    const named = await sandbox.run([
      'node',
      '--ephemeral',
      ...at('127.2.0.3'),
      '--net-restrict',
      '127.2.0.0/16',
      '--peer',
      outside.enode
    ])
    expect(named.stderr).toContain('outside the networks of net_restrict')
    expect(named.code).toBe(2)
  })
})

describe('limits of a node', () => {
  test('a full node takes trusted peers all the same, and lets only so many handshakes be under way', async () => {
    const [first, second, friend] = [await startOther(), await startOther(), await startOther()]
    others.push(first, second, friend)
    const node = await startNode([
      ...loopback,
      '--max-peers',
      '1',
      '--max-pending',
      '2',
      '--trusted',
      friend.host.enode()
    ])
    await first.host.dial(node.enode)
    await expect(second.host.dial(node.enode)).rejects.toMatchObject({ details: { name: 'too-many-peers' } })
    expect((await friend.host.dial(node.enode)).peerId).toBe(node.peerId)
    const { host, tcpPort } = parseCompleteEnode(node.enode)
    for (let i = 0; i < 4; i++) {
      const socket = createConnection(tcpPort, host)
      closers.push(() => socket.destroy())
      socket.on('error', () => {})
    }
    await node.running.until(/"reason":"pending-limit"/)
  })

  test('a light node says so, and wants nothing until a filter of its API does', async () => {
    const socket = join(sandbox.folder, 'light.ipc')
    const node = await startNode([...loopback, '--light', '--shh-ipc', socket])
    const full = await startOther()
    others.push(full)
    await full.host.dial(node.enode)
    await eventually('the handshake', () => full.whisper.connected())
    expect(full.whisper.peers()).toMatchObject([{ light: true, fullNode: false }])
    const topic = Uint8Array.of(1, 2, 3, 4)
    const post = (nonce: number) =>
      full.whisper.postEnvelope({
        topic,
        key: { kind: 'symmetric', key: new Uint8Array(32).fill(7) },
        payload: Uint8Array.of(nonce),
        ttlSeconds: 60,
        pow: { target: 0.001, timeSeconds: 5 }
      })
    expect((await post(1)).sentTo).toEqual([])
    const api = apiOf(socket)
    const symKeyID = await api('shh_addSymKey', `0x${'07'.repeat(32)}`)
    const filter = await api('shh_newMessageFilter', { symKeyID, topics: ['0x01020304'] })
    const got: { payload: string }[] = []
    await eventually('both messages', async () => {
      got.push(...((await api('shh_getFilterMessages', filter)) as { payload: string }[]))
      if (got.length === 1) await post(2)
      return got.length > 1
    })
    expect(got.slice(0, 2).map(({ payload }) => payload)).toEqual(['0x01', '0x02'])
  })
})
