/** A person, a node without peers, and one of each thing on the own. */
export default async (own, use) => {
  const { createTestKey, createSeededRandom } = own
  const { createLinkPair } = await use('@status-stack/interface/testing')
  const [identity, bob] = [1, 2].map(fill => createTestKey(new Uint8Array(32).fill(fill)))
  const random = createSeededRandom('examples')
  const topic = own.topicOfName('status')
  const data = own.sealMessage(
    { payload: Uint8Array.of(1), key: { kind: 'asymmetric', publicKey: bob.publicKey } },
    random
  )
  const envelope = { expiry: 1_600_000_050, ttl: 50, topic, data, nonce: 0n }
  const bytes = own.encodeEnvelope(envelope)
  const hash = own.envelopeHash(bytes)
  const payload = Uint8Array.of(1, 2, 3)
  const request = own.encodeRequestPayload({
    lower: 1,
    upper: 2,
    bloom: own.filterBloom([topic]),
    topics: [topic],
    limit: 100,
    cursor: new Uint8Array(0),
    batch: true
  })
  const of = content => ({ packet: () => ({ payload: content }) })
  const ofPayload = content => ({ payload: () => content })
  const whisper = async () => {
    const node = own.createWhisper({}, { powWorkers: 0 })
    await node.start()
    return node
  }
  return {
    others: ['@status-stack/rlp'],
    values: {
      identity: () => identity,
      me: () => identity,
      bob: () => bob,
      random: () => random,
      whisper,
      topic: () => topic,
      topics: () => [topic],
      filter: () => own.filterBloom([topic]),
      bloom: () => own.filterBloom([topic]),
      data: () => data,
      envelope: () => envelope,
      bytes: () => bytes,
      hash: () => hash,
      hashes: () => [],
      batch: () => hash,
      payload: () => payload,
      messagesPayload: () => own.encodeMessages([bytes]),
      plaintext: () => own.encodePlaintext({ payload, signer: identity }, random),
      expiry: () => envelope.expiry,
      from: () => 1_600_000_000,
      to: () => 1_600_086_400,
      id: () => hash,
      requestId: () => hash,
      lastKey: () => own.archiveKey({ sentSeconds: 1, hash, topic }),
      database: () => ({ put: async () => {} }),
      options: () => ({ topics: [topic] }),
      items: () => [],
      envelopes: () => [bytes],
      minPow: () => 0,
      bits: () => 0x3f60624dd2f1a9fcn,
      prefix: () => new Uint8Array(32),
      searcher: () => ({ search: async () => 0n }),
      secret: () => new Uint8Array(32).fill(5),
      requirements: () => own.requirementsOf?.({}) ?? {},
      link: () => ({ ...createLinkPair().left, send: async () => {} }),
      content: () => Uint8Array.of(0x84, 1, 2, 3, 4),
      peer: () => ({ interest: own.plainInterest({}) }),
      forward: () => () => {},
      now: () => 1_600_000_000,
      padding: () => new Uint8Array(4),
      nonce: () => new Uint8Array(12),
      port: () => ({}),
      next: () => () => {},
      open: () => () => {},
      route: () => own.planRoute({ kind: 'public', name: 'status' }),
      stored: () => []
    },
    files: {
      nonceBytes: { nonce: () => 7n },
      rateLimitsOfItem: { items: () => [0, 0, 0, 0, 0, [new Uint8Array(0), Uint8Array.of(100), new Uint8Array(0)]] },
      decodeMessages: of(own.encodeMessages([bytes])),
      decodeP2pMessages: of(own.encodeP2pMessages([bytes])),
      decodeRequestComplete: of(
        own.encodeRequestComplete({ kind: 'failed', requestId: hash, error: 'too many requests' })
      ),
      decodeHistoryRequest: of(
        own.encodePlainRequest({
          id: hash,
          from: 1,
          to: 2,
          limit: 100,
          cursor: new Uint8Array(0),
          bloom: own.filterBloom([topic])
        })
      ),
      decodeSyncRequest: of(
        own.encodeSyncRequest({
          lower: 1,
          upper: 2,
          bloom: own.filterBloom([topic]),
          limit: 100,
          cursor: new Uint8Array(0)
        })
      ),
      decodeSyncResponse: of(
        own.encodeSyncResponse({ envelopes: [bytes], cursor: new Uint8Array(0), final: true, error: '' })
      ),
      encodeP2pMessages: { envelope: () => bytes },
      decodePowRequirement: of(own.encodePowRequirement(0.002)),
      decodeBloomFilter: of(own.encodeBloomFilter(own.filterBloom([topic]))),
      decodeStatus: of(own.encodeStatus({ minPow: 0.002, light: false })),
      decodeRequestPayload: ofPayload(request),
      decodeBatchAcknowledged: ofPayload(own.encodeBatchAcknowledged(hash)),
      decodeMessageResponse: ofPayload(own.encodeMessageResponse({ batch: hash, errors: [] })),
      decodeRateLimits: ofPayload(own.encodeRateLimits({ address: 0n, peer: 100n, topic: 0n })),
      envelopesOfList: ofPayload(own.encodeMessages([bytes])),
      listItems: ofPayload(own.encodeMessages([bytes])),
      firstItem: ofPayload(Uint8Array.of(0xc1, 6)),
      readPacket: ofPayload(Uint8Array.of(6))
    },
    notRun: { planInterest: 'reads a subscription, which ends with its node' }
  }
}
