import { createServer } from 'node:net'

export default async (own, use) => {
  const c = await use('@status-stack/crypto')
  const [privateKey, theirs] = [1, 2].map(fill => new Uint8Array(32).fill(fill))
  const random = { bytes: c.randomBytes }
  const idle = { on: () => () => undefined, peers: () => [1, 2], metrics: () => metrics() }
  const metrics = () => {
    const host = own.createHost({
      privateKey,
      capabilities: [own.echoCapability()],
      carrier: own.createMemoryNetwork().carrier('127.0.0.1')
    })
    return host.metrics()
  }
  const secretsOf = () =>
    own.deriveSecrets({
      role: 'initiator',
      ephemeralPrivateKey: theirs.slice(),
      remoteEphemeralPublicKey: c.publicKeyOf(privateKey),
      initiatorNonce: new Uint8Array(32).fill(3),
      recipientNonce: new Uint8Array(32).fill(4),
      auth: new Uint8Array(307),
      ack: new Uint8Array(210)
    })
  /** As a test runner has it. */
  const expectThrow = run => ({
    toThrow: () => {
      try {
        run()
      } catch {
        return
      }
      throw new Error('threw nothing')
    }
  })
  const hello = {
    version: 5,
    clientName: 'mine/1.0',
    capabilities: [{ name: 'shh', version: 6 }],
    listenPort: 0,
    key: c.publicKeyOf(privateKey).subarray(1)
  }
  return {
    others: ['@status-stack/crypto', '@status-stack/interface/testing'],
    values: {
      privateKey: () => privateKey.slice(),
      publicKey: () => c.publicKeyOf(privateKey),
      remotePublicKey: () => c.publicKeyOf(theirs),
      ephemeralPrivateKey: () => theirs.slice(),
      ephemeralPublicKey: () => c.publicKeyOf(theirs),
      nonce: () => new Uint8Array(32).fill(3),
      signature: () => c.signDigest(new Uint8Array(32).fill(1), privateKey),
      body: () => own.encodeAck('eip8', { ephemeralPublicKey: c.publicKeyOf(theirs), nonce: new Uint8Array(32) }),
      randomness: () => own.drawHandshakeRandomness(random),
      deps: () => ({ privateKey }),
      to: () => ({ publicKey: c.publicKeyOf(privateKey) }),
      options: () => ({ timeoutMs: 5, refreshMs: 7 }),
      hello: () => hello,
      ours: () => [own.echoCapability()],
      text: () => `enode://${c.bytesToHex(c.publicKeyOf(privateKey).subarray(1))}@192.0.2.7:30303?discport=30301`,
      frame: () => new Uint8Array(16),
      signal: () => new AbortController().signal,
      open: () => async () => ({}),
      reject: () => () => {},
      response: () => ({ end: () => {} }),
      payload: () => Uint8Array.of(1, 2, 3),
      packet: () => new Uint8Array(100),
      admits: () => () => true,
      address: () => '10.0.0.1',
      carrier: () => own.createMemoryNetwork().carrier('127.0.0.1'),
      capabilities: () => [own.echoCapability()],
      echo: () => own.echoCapability(),
      message: () => ({ payload: own.encodeHello(hello) }),
      socket: () => ({ write: () => true }),
      chunk: () => new Uint8Array(0),
      limit: () => 1024,
      nodeId: () => c.publicKeyOf(privateKey).subarray(1),
      expect: () => expectThrow,
      host: () => idle,
      secrets: () => ({ ...secretsOf() }),
      opened: () => ({
        form: 'eip8',
        body: own.encodeAck('eip8', { ephemeralPublicKey: c.publicKeyOf(theirs), nonce: new Uint8Array(32) })
      }),
      sealer: () => own.createFrameSealer(secretsOf()),
      stranger: () => ({ frame: () => {} }),
      remoteEphemeralPublicKey: () => c.publicKeyOf(privateKey),
      initiatorNonce: () => new Uint8Array(32).fill(3),
      recipientNonce: () => new Uint8Array(32).fill(4),
      auth: () => new Uint8Array(307),
      ack: () => new Uint8Array(210),
      createServer: () => createServer,
      overMyCarrier: () => ({}),
      startHost: () => async () => ({}),
      accept: () => () => {}
    },
    files: {
      decodeDisconnect: { message: () => ({ payload: own.encodeDisconnect('too-many-peers') }) }
    },
    notRun: {
      openCapability: 'waits for a peer',
      sinkCapability: 'waits for a packet of a peer',
      finishEnded: 'waits for the end of a link',
      once: 'waits for a peer',
      createStranger: 'needs a host to call',
      answerAuth: 'needs the packet of a peer',
      decodeAuth: 'needs the packet of a peer',
      admittedLookup: 'dials a host on the network'
    }
  }
}
