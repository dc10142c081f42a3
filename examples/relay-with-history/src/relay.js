import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generatePrivateKey } from '@status-stack/crypto'
import { createRelay } from '@status-stack/relay-node'
import { createLevelStore } from '@status-stack/whisper-mailserver/level'

const [folder = 'data', port = '30303', host = '127.0.0.1'] = process.argv.slice(2)
mkdirSync(folder, { recursive: true, mode: 0o700 })

// The key is the node: its enode URL stays the same as long as the key does. Back this file up.
const keyFile = join(folder, 'node-key')
if (!existsSync(keyFile)) writeFileSync(keyFile, generatePrivateKey(), { mode: 0o600 })

const relay = createRelay(
  { privateKey: new Uint8Array(readFileSync(keyFile)) },
  {
    listen: { host, port: Number(port) },
    archive: { store: createLevelStore({ location: join(folder, 'archive') }), retentionDays: 30 }
  }
)
await relay.start()
console.log(relay.host.enode())
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void relay.stop())
