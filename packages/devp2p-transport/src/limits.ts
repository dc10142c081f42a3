/** Every bound of discovery and port mapping on what others can make us hold or compute. Each has a test that overruns it. Those of sessions and hosts are in `@status-stack/rlpx`. */
export const limits = Object.freeze({
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
  /**
   * The first packets of an address in a second, as many as a bond and a lookup take, and how many a second all later ones may be together: five
   * addresses that flood would else keep out every answer to what we ask. Those of an address that we wait for come in beyond all packets of a second:
   * fifty forged addresses would be enough to keep them out.
   */
  firstPackets: 10,
  busyPacketsPerSecond: 250,
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
  pmpAttempts: 5
})
