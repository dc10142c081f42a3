// The relay of `status-stack node`, composed from the packages, for what its flags do not reach: bounds and many filters.
//   node node.mjs '{"listen": 23101, "whisper": {…options}, "filters": 0, "oneTopic": false, "keys": "file"}'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { ours } from './packages.mjs'

const settings = JSON.parse(process.argv[2] ?? '{}')
const { capability, createWhisper } = await ours('whisper')
const { createHost } = await ours('devp2p-transport')
const { createRpc } = await ours('whisper-rpc')
const { serveHttp } = await ours('whisper-rpc', 'server')

const whisper = createWhisper({}, { minPow: 1e-9, maxPeers: 400, ...settings.whisper })
const host = createHost(
  { privateKey: randomBytes(32), capabilities: [{ ...capability, run: link => whisper.attach(link) }] },
  { listen: { host: '127.0.0.1', port: settings.listen ?? 0 }, maxPeers: 300 }
)
for (const peer of settings.trusted ?? []) host.addTrusted(peer)
for (const peer of settings.peers ?? []) host.addStatic(peer)
await whisper.start()
await host.start()
const server = await serveHttp(createRpc({ whisper }), { host: '127.0.0.1', port: settings.rpc ?? 0 })

const lines = []
for (let i = 0; i < (settings.filters ?? 0); i++) {
  const key = randomBytes(32)
  const topic = settings.oneTopic
    ? Buffer.from('51525354', 'hex')
    : Buffer.from([0x70, i >> 16, (i >> 8) & 255, i & 255])
  whisper.subscribe({ key: { kind: 'symmetric', key }, topics: [topic] })
  lines.push(`${key.toString('hex')} ${topic.toString('hex')}`)
}
if (settings.keys !== undefined) writeFileSync(settings.keys, `${lines.join('\n')}\n`)
console.log(JSON.stringify({ enode: host.enode(), rpc: server.url }))
process.on('SIGTERM', () => process.exit(0))
