import { createConnection } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSandbox, patienceMs, type Running, type Sandbox } from './cli.ts'

let sandbox: Sandbox
const closers: (() => void)[] = []
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(async () => {
  for (const close of closers.splice(0)) close()
  await sandbox.dispose()
})

const count = 10
const password = 'ten nodes'

interface Node {
  readonly running: Running
  readonly enode: string
  readonly call: (method: string, ...params: unknown[]) => Promise<unknown>
}

/** A relay in a process of its own, driven through the shh API on its Unix socket. */
async function startNode(index: number, peers: readonly string[], listen = '127.0.0.1:0'): Promise<Node> {
  const socket = join(sandbox.folder, `${index}.ipc`)
  const args = ['--profile', `node${index}`, 'node', '--light-kdf', '--listen', listen, '--shh-ipc', socket]
  const running = sandbox.start([...args, ...peers.flatMap(peer => ['--peer', peer])])
  const enode = (await running.until(/enode:\/\/\S+/))[0]
  const connection = createConnection(socket)
  closers.push(() => connection.destroy())
  connection.on('error', () => {})
  const waiting = new Map<number, (answer: { result?: unknown; error?: { message: string } }) => void>()
  createInterface({ input: connection }).on('line', line => {
    const answer = JSON.parse(line)
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  })
  let id = 0
  const call: Node['call'] = (method, ...params) =>
    new Promise((resolve, reject) => {
      const mine = ++id
      waiting.set(mine, ({ result, error }) =>
        error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result)
      )
      connection.write(`${JSON.stringify({ jsonrpc: '2.0', id: mine, method, params })}\n`)
    })
  return { running, enode, call }
}

async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patienceMs
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`never: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

test('ten processes: every full node gets every envelope exactly once while a fifth of them goes and comes back; a light node gets what its bloom filter admits', async () => {
  // A ring with chords: each dials the one before it and one further back.
  const nodes: Node[] = []
  for (let i = 0; i < count; i++)
    nodes.push(
      await startNode(
        i,
        [nodes[i - 1], nodes[i - 4]].flatMap(node => node?.enode ?? [])
      )
    )
  const [topic, otherTopic] = ['0x7465737a', '0x6f746872']
  // The last one is light and wants one topic only.
  const light = nodes[count - 1] as Node
  const keyOf = async (node: Node) => node.call('shh_generateSymKeyFromPassword', password)
  const filters = new Map<Node, unknown>()
  const seen = new Map<Node, string[]>()
  for (const node of nodes) {
    filters.set(
      node,
      await node.call('shh_newMessageFilter', { symKeyID: await keyOf(node), topics: [topic, otherTopic] })
    )
    seen.set(node, [])
  }
  const bloom = new Uint8Array(64)
  // SPEC: EIP-627, three bits of the topic.
  for (const [i, byte] of [0x74, 0x65, 0x73].entries()) {
    const bit = byte + ((0x7a >> i) & 1) * 256
    bloom[bit >> 3] = (bloom[bit >> 3] ?? 0) | (1 << (bit & 7))
  }
  await light.call('shh_setBloomFilter', `0x${Buffer.from(bloom).toString('hex')}`)
  await eventually('everybody has peers', async () => {
    const peers = await Promise.all(nodes.map(node => node.call('net_peerCount')))
    return peers.every(peers_ => Number(peers_) >= 1)
  })

  const gone = [nodes[3], nodes[6]] as Node[]
  const survivors = nodes.filter(node => !gone.includes(node) && node !== light)
  const post = async (from: Node, number: number, on: string): Promise<string> =>
    String(
      await from.call('shh_post', {
        symKeyID: await keyOf(from),
        topic: on,
        payload: `0x${number.toString(16).padStart(4, '0')}`,
        ttl: 60,
        powTime: 5,
        powTarget: 0.001
      })
    )
  const [wanted, unwanted]: [string[], string[]] = [[], []]
  const poll = async (): Promise<void> => {
    for (const node of [...survivors, light]) {
      const messages = (await node.call('shh_getFilterMessages', filters.get(node))) as { hash: string }[]
      seen.get(node)?.push(...messages.map(message => message.hash))
    }
  }
  for (let number = 0; number < 12; number++) {
    const from = survivors[number % survivors.length] as Node
    if (number === 4) for (const { running } of gone) running.child.kill('SIGKILL')
    if (number === 8) {
      for (const node of gone) await node.running.ended
      // They come back at their old places, with empty pools; the others dial them again by themselves.
      for (const node of gone) {
        const index = nodes.indexOf(node)
        const peers = [nodes[index - 1], nodes[index + 1]].flatMap(peer =>
          peer === undefined || gone.includes(peer) ? [] : peer.enode
        )
        await startNode(index, peers, node.enode.slice(node.enode.indexOf('@') + 1))
      }
    }
    wanted.push(await post(from, number, topic))
    unwanted.push(await post(from, 1000 + number, otherTopic))
    await poll()
  }
  const all = [...wanted, ...unwanted]
  await eventually('every survivor has every envelope', async () => {
    await poll()
    return (
      survivors.every(node => all.every(hash => seen.get(node)?.includes(hash))) &&
      wanted.every(hash => seen.get(light)?.includes(hash))
    )
  })
  for (const node of survivors) expect([...(seen.get(node) ?? [])].sort()).toEqual([...all].sort())
  const atLight = seen.get(light) ?? []
  expect(new Set(atLight).size).toBe(atLight.length)
  expect(atLight.filter(hash => unwanted.includes(hash))).toEqual([])
})
