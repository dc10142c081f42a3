export default async (_own, use) => {
  const { createIdentityKey } = await use('@status-stack/status-accounts')
  const { encodeEnvelope, topicOfName } = await use('@status-stack/whisper/wire')
  const envelope = encodeEnvelope({
    expiry: 1_600_000_050,
    ttl: 50,
    topic: topicOfName('status'),
    data: new Uint8Array(400),
    nonce: 0n
  })
  return {
    values: { bytes: () => envelope, privateKey: () => new Uint8Array(32).fill(1), identityOf: () => createIdentityKey }
  }
}
