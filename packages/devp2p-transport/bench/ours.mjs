// Our host, as the bench's worker drives it.
import { randomBytes } from 'node:crypto'
import { createHost, formatEnode } from '@status-stack/devp2p-transport'

const wide = { maxPeers: 1000, maxPendingInbound: 1000 }

function capability(run) {
  return { name: 'shh', version: 6, length: 128, run }
}

export async function listen(onMessage) {
  let opened = 0
  const run = async link => {
    opened++
    for await (const { code, payload } of link.packets()) onMessage(code, payload.length)
  }
  const host = createHost({ privateKey: randomBytes(32), capabilities: [capability(run)] }, wide)
  await host.start()
  const port = Number(/:(\d+)$/.exec(host.enode())[1])
  return {
    port,
    publicKey: host.publicKey,
    opened: () => opened,
    peers: () => host.peers().length,
    close: () => host.stop()
  }
}

export async function dial(port, publicKey) {
  let use
  const ready = new Promise(resolve => {
    use = resolve
  })
  const run = async link => {
    use(link)
    for await (const _ of link.packets());
  }
  const host = createHost({ privateKey: randomBytes(32), capabilities: [capability(run)] }, { ...wide, listen: false })
  await host.start()
  await host.dial(formatEnode({ publicKey, host: '127.0.0.1', tcpPort: port }))
  const link = await ready
  return { send: payload => link.send(1, payload), close: () => host.stop() }
}
