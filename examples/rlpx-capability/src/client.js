import { generatePrivateKey } from '@status-stack/crypto'
import { createHost } from '@status-stack/devp2p-transport'
import { storeClient } from './store-protocol.js'

const [enode, key, value] = process.argv.slice(2)
if (enode === undefined || key === undefined) {
  console.error('usage: node src/client.js ENODE KEY [VALUE]')
  process.exit(2)
}

/** @type {(text: string) => void} */
let answered
const answer = new Promise(resolve => {
  answered = resolve
})
const client = storeClient(async remote => {
  if (value !== undefined) await remote.put(key, value)
  answered(await remote.get(key))
})
const host = createHost({ privateKey: generatePrivateKey(), capabilities: [client] }, { listen: false })
await host.start()
await host.dial(enode)
console.log(await answer)
await host.stop()
