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
  /** Client name kept from a Hello, characters. */
  clientNameCharacters: 128,
  /** Base protocol messages of one peer: an honest one sends a Ping and a Pong in 15 s; a flood of them serves nobody. */
  baseMessagesPerSecond: 10,
  baseMessageBurst: 200,
  /** Bytes that capabilities may leave unread before the connection is paused, and what a packet costs beside its payload. */
  unreadBytes: 1 << 20,
  packetOverheadBytes: 256,
  /** Largest ENR, bytes (EIP-778). */
  recordBytes: 300,
  /** Largest discovery packet, bytes (protocol constant). */
  packetBytes: 1280,
  /** Nodes taken from one FindNode, over all its replies. */
  neighborsPerReply: 16,
  /** Nodes in one bucket of the table, and in its line of replacements. */
  bucketNodes: 16,
  bucketReplacements: 10,
  /** Nodes of one IPv4 /24 or IPv6 /48 in one bucket and in the whole table. */
  bucketNetwork: 2,
  tableNetwork: 10,
  /** Addresses whose word on our own address is kept, and those of one network: a /24 is cheap, so it has a table bucket's share. */
  endpointVotes: 200,
  votesPerNetwork: 2,
  /** Nodes asked in one lookup. */
  lookupQueries: 64,
  /** Endpoint proofs remembered in each direction. */
  bonds: 5_000,
  /** Discovery replies waited for at once. */
  pendingReplies: 500,
  /**
   * Bytes that an address without endpoint proof is sent beyond those it sent: Pong and our own Ping answer one Ping of 113 bytes or
   * more with at most 330. Then how fast that credit grows back (one exchange in about a minute), the most that is saved up from
   * larger packets, and the addresses remembered.
   */
  unprovenCreditBytes: 256,
  unprovenBytesPerSecond: 4,
  unprovenMaxBytes: 1_024,
  unprovenAddresses: 8_192,
  /** Discovery packets a second that reach the signature check, in all and from one address. */
  packetsPerSecond: 500,
  packetsPerAddress: 100,
  /** Node lists followed, with those that others link to. */
  trees: 10,
  /** Names taken up from one list, and from all together: about 100 bytes each, twice. */
  treeEntries: 10_000,
  treeNames: 30_000,
  /** Entries kept so that they need not be asked for again. */
  treeCache: 1_000,
  /** Longest text of an entry, characters. */
  treeEntryCharacters: 1_024,
  /** TXT records looked at under one name. */
  txtRecords: 16,
  /** Entries asked for in one search. */
  treeSteps: 500,
  /** Nodes the peer pool keeps in mind, peers it remembers, and peers it dials within one /24. */
  poolCandidates: 500,
  rememberedPeers: 100,
  poolNetwork: 2,
  /** Devices looked at in one search for a UPnP gateway, and bytes read of a description and of an answer. */
  upnpAnnouncements: 16,
  upnpDescriptionBytes: 256 * 1024,
  upnpAnswerBytes: 64 * 1024,
  /** Services read of one description (real ones have about five), and the time for one request to a device. */
  upnpServices: 64,
  upnpRequestMs: 3_000,
  /** How often a NAT-PMP request is sent, each time after twice the wait: the last one after four seconds (RFC 6886 says nine). */
  pmpAttempts: 5,
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
