/** Alice, who wrote what is read, and Bob, who reads it. */
export default async (own, use) => {
  const { createIdentityKey } = await use('@status-stack/status-accounts')
  const { bytesToHex, keccak256, utf8Bytes } = await use('@status-stack/crypto')
  const [identity, bob] = [1, 2].map(fill => createIdentityKey(new Uint8Array(32).fill(fill)))
  const nowMs = 1_600_000_000_000
  const random = { bytes: length => new Uint8Array(length).fill(9) }
  const publicKey = identity.publicKey
  const id = own.createGroupId(publicKey, random)
  const context = { identity, nowMs }
  const content = { kind: 'text', text: 'hello' }
  const out = own.dataLayer.outgoing({ kind: 'one-to-one', publicKey: bob.publicKey }, content, context)
  const created = own.signChanges(id, [], [{ kind: 'created', name: 'Trip' }], identity, { nowMs })
  const events = created.events ?? [...created.signed]
  const message = () =>
    own.dataLayer.decode(out.bytes, {
      transportAuthor: publicKey,
      sentMs: nowMs,
      nowMs,
      arrival: { kind: 'identity' },
      self: bob.publicKey
    })
  const registration = {
    tokenType: 1,
    deviceToken: 'a token',
    installationId: 'phone',
    accessToken: '9b2f4c1e-1d5e-4a8b-8f6e-0123456789ab',
    enabled: true,
    version: 1n,
    allowedKeyList: [],
    blockedChatList: [],
    unregister: false,
    grant: new Uint8Array(65),
    allowFromContactsOnly: false
  }
  const messageId = `0x${bytesToHex(keccak256(utf8Bytes('a message')))}`
  const chat = { lastClock: nowMs, deletedAtClock: 0, active: true }
  const payload = own.decodePayload(1, own.decodeWrapper(out.bytes).payload)
  return {
    values: {
      identity: () => identity,
      self: () => bob.publicKey,
      publicKey: () => publicKey,
      author: () => publicKey,
      transportAuthor: () => publicKey,
      random: () => random,
      nowMs: () => nowMs,
      sentMs: () => nowMs,
      lastClock: () => 0,
      clock: () => ({ nowMs: () => nowMs }),
      deletedAtClock: () => 0,
      chat: () => chat,
      contact: () => own.unknownContact,
      context: () => context,
      content: () => content,
      out: () => out,
      bytes: () => out.bytes,
      message,
      messageId: () => messageId,
      wrapper: () => own.decodeWrapper(out.bytes),
      signature: () => new Uint8Array(65),
      payload: () => payload,
      seen: () => ({
        transportAuthor: publicKey,
        sentMs: nowMs,
        nowMs,
        arrival: { kind: 'identity' },
        self: bob.publicKey
      }),
      signal: () => new AbortController().signal,
      groupId: () => id,
      id: () => id,
      events: () => events,
      event: () => events[0],
      stored: () => events,
      received: () => events,
      storedBytes: () => events.map(each => each.bytes),
      effect: () => ({ chatId: id, events }),
      merged: () => ({ added: events }),
      member: () => own.keyId?.(publicKey) ?? `0x${bytesToHex(publicKey)}`,
      seal: () => () => {},
      link: () => () => {},
      text: () => `@0x${bytesToHex(publicKey)} hello`,
      chats: () => [],
      contacts: () => [],
      groups: () => [],
      picture: () => new Uint8Array(10),
      image: () => ({}),
      base64: () => 'AAAA',
      reactions: () => [],
      quota: () => undefined,
      request: () => ({ count: 1 }),
      answered: () => false,
      waiting: () => 0,
      dropOldestRequest: () => () => {},
      wait: () => () => {},
      store: () => Object.assign(() => {}, { has: async () => false, contact: async () => undefined }),
      sync: () => ({ enqueue: async () => {} }),
      tracking: () => 'message-1',
      transactionHash: () => `0x${'ab'.repeat(32)}`,
      wallet: () => identity,
      server: () => bob.publicKey,
      client: () => publicKey,
      registration: () => registration,
      known: () => undefined,
      chatId: () => 'status'
    },
    files: {
      nextTransaction: {
        id: () => messageId,
        content: () => ({ kind: 'request-address', value: '1', contract: '' })
      },
      openPushRegistration: {
        payload: () => ({ message: own.sealPushRegistration(registration, publicKey, bob, random) }),
        client: () => bob.publicKey
      },
      paymentSigner: { content: () => ({ transactionHash: `0x${'ab'.repeat(32)}`, signature: new Uint8Array(65) }) },
      encodeWrapper: { payload: () => new Uint8Array(3) },
      eventNames: { event: () => ({ type: own.eventTypes.memberJoined }) },
      openEvent: { bytes: () => events[0].bytes },
      describeText: { message: () => ({ text: 'hello' }) },
      messageTypes: { message: () => payload.message },
      contentTypes: { message: () => payload.message },
      newerReaction: { clock: () => nowMs, stored: () => undefined },
      mimeTypes: { content: () => ({ format: 'png' }) }
    },
    notRun: { dataLayer: 'composes a client' }
  }
}
