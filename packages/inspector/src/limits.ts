/** Every bound on what one inspection builds and tries. Each has a test that overruns it. */
export const limits = Object.freeze({
  /** Nodes in the tree of one blob; what lies behind is left out and said so. */
  nodes: 20_000,
  /** Protobuf messages or RLP lists inside each other, and layers inside each other. */
  depth: 16,
  /** Bytes of a value that are shown as hex. */
  shownBytes: 96,
  /** Characters of a text value that are shown. */
  shownText: 4096,
  /** Identities that the capture itself names (signers, bundles), remembered for contact codes and negotiated topics. */
  knownIdentities: 256,
  /** Ratchet sessions remembered over a capture; the oldest goes. */
  sessions: 256,
  /** Shared secrets tried for the ratchet messages of one blob. */
  secrets: 2048,
  /** Root steps tried for the ratchet messages of one blob. */
  rootSteps: 10_000,
  /** Chain keys derived in all for the ratchet messages of one blob. */
  chainKeys: 100_000,
  /** Unseen ratchet keys between two seen ones that are searched for. */
  unseenKeys: 3,
  /** Highest message number in a chain; the protocol's own bound of skipped messages. */
  chainSteps: 1000,
  /** Entries for devices that are opened in one ProtocolMessage. */
  entries: 64,
  /** Keys tried on one envelope. */
  envelopeKeys: 4096
})

/** Bounds of one inspection, by name. */
export type InspectLimits = { readonly [K in keyof typeof limits]: number }

/** Every bound on what one capture and one text of keys hold. Each has a test that overruns it. */
export const captureLimits = Object.freeze({
  /** Blobs of one capture. */
  blobs: 10_000,
  /** Keys in one list of a text of keys, and chat names. */
  keys: 1024
})

/** Bounds of one capture, by name. */
export type CaptureLimits = { readonly [K in keyof typeof captureLimits]: number }
