export default async (_own, use) => {
  const { bytesToHex, publicKeyOf } = await use('@status-stack/crypto')
  const { echoCapability } = await use('@status-stack/rlpx/testing')
  const publicKey = publicKeyOf(new Uint8Array(32).fill(1))
  return {
    others: ['@status-stack/rlpx'],
    values: {
      privateKey: () => new Uint8Array(32).fill(1),
      publicKey: () => publicKey,
      key: () => bytesToHex(publicKey.subarray(1)),
      capabilities: () => [echoCapability()]
    },
    notRun: { createWebSocketHost: 'dials a host on the network', listenWebSocket: 'listens on ports' }
  }
}
