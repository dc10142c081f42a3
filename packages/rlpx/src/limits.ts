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
  /** Capabilities of a stranger that an error names: an honest node has a handful, and the text is shown to people. */
  namedCapabilities: 8,
  /** Client name kept from a Hello, characters. */
  clientNameCharacters: 128,
  /** Base protocol messages of one peer: an honest one sends a Ping and a Pong in 15 s; a flood of them serves nobody. */
  baseMessagesPerSecond: 10,
  baseMessageBurst: 200,
  /**
   * Bytes of unfinished frames of all peers of a host: four of the largest, or the last kilobytes of thousands. Beyond it the peer is closed that
   * has held much for longest without finishing a frame.
   */
  unfinishedFrameBytes: 64 * 1024 * 1024,
  /** Bytes that capabilities may leave unread before the connection is paused, and what a packet costs beside its payload. */
  unreadBytes: 1 << 20,
  packetOverheadBytes: 256,
  /**
   * Bytes that capabilities leave unread of all peers of a host, also of those whose connection has ended: four of the largest messages, or
   * `unreadBytes` of each of `maxPeers`, as a node that has just started gets a packet of this size from every peer. From half of it on, a connection
   * is paused as long as anything of it is unread. Beyond it the peer is closed of which much has been unread for longest.
   */
  totalUnreadBytes: 64 * 1024 * 1024,
  /** Remembered inbound addresses for the per-address throttle. */
  throttleEntries: 10_000,
  /** Bans kept. */
  banEntries: 10_000,
  /** Static peers kept. */
  staticPeers: 1_000,
  /** Networks of one `netRestrict`, and its length in characters. */
  netRestrictNetworks: 256,
  netRestrictCharacters: 16_384,
  /** Dials waiting for a free slot. */
  queuedDials: 1_000
})
