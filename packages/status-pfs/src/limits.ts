const dayMs = 86_400_000

/**
 * Every bound on what a remote peer can make this layer hold or compute. Where status-go has a constant, ours is the same,
 * because a lower one loses messages that its users send.
 *
 * @example
 * ```ts
 * if (utf8Bytes(id).length > limits.maxInstallationIdBytes) refuse()
 * ```
 */
export const limits = Object.freeze({
  /** Most message keys skipped in one chain step. SPEC: status-go `MaxSkip`. */
  maxSkip: 1000,
  /**
   * Chain steps that one message may cost over all sessions it is tried on. A genuine message needs two gaps of `maxSkip` at
   * most, before and after a turn of the ratchet; the rest leaves room for one more session of the same prekey.
   */
  maxStepsPerMessage: 4000,
  /**
   * Chain steps that the messages of one identity may cost in a burst: ten of the dearest genuine ones. Above it a message that
   * skips others is refused until enough steps are saved up again; messages in order always open.
   */
  maxStepsPerPeer: 20_000,
  /** Chain steps saved up per second, some hundred microseconds of work: an identity can use up 0.1 % of a processor. */
  stepsPerSecond: 100,
  /** Identities whose steps are counted, in memory; the one counted least recently is evicted first. */
  maxMeteredPeers: 1024,
  /** Message keys with a sequence number this far behind are dropped. SPEC: status-go `MaxKeep`. */
  maxKeep: 3000,
  /** Most message keys held per session; the oldest are evicted first. SPEC: status-go `MaxMessageKeysPerSession`. */
  maxMessageKeysPerSession: 2000,
  /**
   * Most message keys held for one identity over all sessions; least recently used sessions give theirs up first. Three
   * devices with full sessions; a record of 6000 keys takes half a megabyte.
   */
  maxMessageKeysPerPeer: 6000,
  /** Most installations of a contact that get a copy. SPEC: status-go. */
  maxTargets: 3,
  /** Most other own installations in our bundle and among the targets of own copies. SPEC: status-go. */
  maxOwnOthers: 2,
  /** Most bundles in one ProtocolMessage; senders put one, each costs a signature recovery. */
  maxBundles: 4,
  /** Most installations in one bundle; senders list three, each costs a point decompression. */
  maxBundleInstallations: 8,
  /** How far ahead of our clock a bundle may be dated: clocks that are set by hand are wrong by a time zone, not by more. */
  maxBundleAheadMs: dayMs,
  /** Most installations remembered per identity; the one with the oldest bundle is evicted first, of our own those that are not enabled. */
  maxDevicesPerPeer: 16,
  /** Most sessions kept per installation; the least recently used one is evicted first. */
  maxSessionsPerDevice: 16,
  /**
   * Opened messages remembered per session, to tell a replay from a peer that was set back. A replay that is not remembered
   * is refused all the same, as `already-used`.
   */
  maxSeenPerSession: 256,
  /**
   * Ephemeral keys of dropped sessions remembered per installation, so that their first messages cannot be replayed. Before
   * the oldest is forgotten, all our prekeys of that time are closed for first messages of the installation. 4 KiB; an
   * installation that keeps its store starts a session a day.
   */
  maxRetiredEphemerals: 256,
  /** Own private prekeys held; the oldest are evicted first. One a day and one per recovery for the 30 days of grace. */
  maxPrekeys: 512,
  /** Bytes of an installation id; a UUID has 36. */
  maxInstallationIdBytes: 128,
  /** Entries of direct_message in one ProtocolMessage; senders put three. */
  maxEntries: 64,
  /** Fields read from one ProtocolMessage at all depths: twice what 4 full bundles and 64 full entries have. */
  maxFields: 2500,
  /** Bytes of a ProtocolMessage, either way: above the largest Whisper envelope, 10 MiB. */
  maxMessageBytes: 16 * 1024 * 1024,
  /** Attempts of one call while others write to the same store. */
  maxConflicts: 16
})
