import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generatePrivateKey } from '@status-stack/crypto'
import { createRelay } from '@status-stack/relay-node'
import { createPostgresStore } from '@status-stack/whisper-mailserver/postgres'

// The URL holds a password: it comes from the environment, as arguments can be read by everyone on the machine.
const { DATABASE_URL: uri } = process.env
const [folder = 'data', port = '30303', host = '127.0.0.1'] = process.argv.slice(2)
if (uri === undefined) {
  console.error('DATABASE_URL: expected the URL of a PostgreSQL database')
  process.exit(2)
}

// The archive is shared; the key is each relay's own.
mkdirSync(folder, { recursive: true, mode: 0o700 })
const keyFile = join(folder, 'node-key')
if (!existsSync(keyFile)) writeFileSync(keyFile, generatePrivateKey(), { mode: 0o600 })

const relay = createRelay(
  { privateKey: new Uint8Array(readFileSync(keyFile)) },
  {
    listen: { host, port: Number(port) },
    archive: { store: createPostgresStore({ uri, maxConnections: 4 }), retentionDays: 30 },
    metrics: { host: '127.0.0.1', port: 0 }
  }
)
relay.on('serving', ({ what, url }) => console.log(what, url))
await relay.start()
console.log(relay.host.enode())
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void relay.stop())
