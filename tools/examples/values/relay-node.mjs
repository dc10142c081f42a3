export default async (_own, use) => {
  const { bytesToHex, publicKeyOf } = await use('@status-stack/crypto')
  const key = bytesToHex(publicKeyOf(new Uint8Array(32).fill(1)).subarray(1))
  return {
    others: ['@status-stack/whisper'],
    values: {
      id: () => key,
      text: () => `enode://${key}@192.0.2.7:30303`,
      urls: () => [`enode://${key}@192.0.2.7:30303`],
      privateKey: () => new Uint8Array(32).fill(1),
      whisper: () => ({ capability: { name: 'shh', version: 6, length: 128, run: async () => {} } }),
      relay: () => ({
        on: () => {},
        facts: () => ({
          state: 'running',
          uptimeSeconds: 60,
          named: [],
          host: { peersInbound: 0, peersOutbound: 0, bytesIn: 0, bytesOut: 0, queuedBytes: 0 }
        })
      })
    },
    notRun: {
      notReady: 'needs a running node',
      metricsText: 'needs a running node',
      serveMetrics: 'listens on a port',
      createRelay: 'listens on ports',
      addPeer: 'dials a host on the network',
      createNodeHost: 'dials a host on the network'
    }
  }
}
