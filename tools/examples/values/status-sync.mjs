export default async (own, use) => {
  const { createIdentityKey } = await use('@status-stack/status-accounts')
  const [alice, bob] = [1, 2].map(fill => createIdentityKey(new Uint8Array(32).fill(fill)).publicKey)
  const body = Uint8Array.of(1, 2, 3)
  const deps = () => ({
    self: alice,
    store: own.memorySyncStore(),
    clock: { nowMs: Date.now },
    output: async () => 'sent',
    settled: async () => {},
    maxBytes: () => 100_000
  })
  const sync = () => own.createSync(deps())
  const id = own.messageId({ groupId: own.groupId(alice, bob), timestamp: 1n, body })
  return {
    values: {
      alice: () => alice,
      bob: () => bob,
      self: () => alice,
      peer: () => bob,
      body: () => body,
      tracking: () => 'message-1',
      deps,
      sync,
      id: () => id,
      output: () => deps().output,
      settled: () => deps().settled,
      maxBytes: () => deps().maxBytes,
      bytes: () => own.encodePayload({ acks: [id], offers: [], requests: [], messages: [] }),
      read: () => () => {}
    },
    files: {
      decodeMessage: { bytes: () => own.encodeMessage({ groupId: own.groupId(alice, bob), timestamp: 1n, body }) }
    }
  }
}
