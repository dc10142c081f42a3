import { generatePrivateKey } from '@status-stack/crypto'
import { createHost } from '@status-stack/devp2p-transport'
import { storeServer } from './store-protocol.js'

const host = createHost(
  { privateKey: generatePrivateKey(), capabilities: [storeServer()] },
  { listen: { host: '127.0.0.1', port: Number(process.argv[2] ?? 0) } }
)
await host.start()
console.log(host.enode())
process.once('SIGTERM', () => void host.stop())
process.once('SIGINT', () => void host.stop())
