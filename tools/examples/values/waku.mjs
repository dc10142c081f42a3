export default async (own, use) => {
  const { createWaku } = own
  const { createLinkPair } = await use('@status-stack/interface/testing')
  const { encodeEnvelope, topicOfName, filterBloom } = await use('@status-stack/whisper/wire')
  const topic = topicOfName('status')
  const envelope = encodeEnvelope({ expiry: 1_600_000_050, ttl: 50, topic, data: new Uint8Array(100), nonce: 0n })
  const request = {
    id: new Uint8Array(32),
    from: 1,
    to: 2,
    topics: [topic],
    limit: 100,
    cursor: new Uint8Array(0),
    bloom: filterBloom([topic])
  }
  return {
    others: [
      '@status-stack/whisper',
      '@status-stack/whisper/relay',
      '@status-stack/whisper/wire',
      '@status-stack/devp2p-transport'
    ],
    values: {
      privateKey: () => new Uint8Array(32).fill(1),
      link: () => ({ ...createLinkPair().left, send: async () => {} }),
      envelope: () => envelope,
      request: () => request,
      packet: () => ({ payload: own.encodePlainRequest?.(request) }),
      payload: () => own.encodeStatusOptions({ light: true }),
      waku: () => createWaku()
    },
    files: { decodeStatusV0: { payload: () => own.encodeStatusV0({ light: false }) } }
  }
}
