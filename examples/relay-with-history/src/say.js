import { planRoute } from '@status-stack/whisper/status'
import { joinNetwork } from './join-network.js'

const [enode = '', chat = '', text = ''] = process.argv.slice(2)
const { whisper, leave } = await joinNetwork(enode)
const route = await planRoute({ kind: 'public', name: chat })
const { confirmations } = await whisper.post({ route, payload: new TextEncoder().encode(text) })
for await (const { by } of confirmations) {
  // A relay with an archive confirms what it has archived, not what it has merely received.
  console.log(`archived by ${by.slice(0, 8)}…`)
  break
}
await leave()
