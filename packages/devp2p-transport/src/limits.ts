/** Every bound on what a remote node can make us hold or compute. Each has a test that overruns it. */
export const limits = Object.freeze({
  /** Largest auth or ack on the wire, bytes. A real one has at most about 750. */
  handshakePacketBytes: 2048,
  /** Largest Hello payload, bytes (protocol constant). */
  helloBytes: 2048,
  /** Largest Disconnect payload after decompression, bytes. */
  disconnectBytes: 16,
  /** Largest Ping, Pong or reserved base-protocol payload, bytes as received; never decoded. */
  baseMessageBytes: 2048,
  /** Frame size field and Snappy length are 24 bits (protocol constant). */
  protocolMessageBytes: 0xff_ff_ff,
  /** Hellos after the first one: ignored up to here, then the connection is closed. */
  extraHellos: 16,
  /** Capabilities read from one Hello. */
  helloCapabilities: 64,
  /** Client name shown from a Hello, characters. */
  clientNameCharacters: 128,
  /** Packets a capability may leave unread before the connection is paused. */
  unreadPackets: 256,
  /** Bytes a capability may leave unread before the connection is paused. */
  unreadBytes: 1 << 20,
  /** Remembered inbound addresses for the per-address throttle. */
  throttleEntries: 10_000,
  /** Bans kept. */
  banEntries: 10_000,
  /** Static peers kept. */
  staticPeers: 1_000,
  /** Dials waiting for a free slot. */
  queuedDials: 1_000
})
