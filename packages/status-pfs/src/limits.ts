/** Every bound on what a remote peer can make this layer hold or compute. SPEC: 5/SECURE-TRANSPORT and status-go constants. */
export const limits = Object.freeze({
  /** Most message keys skipped in one chain step. */
  maxSkip: 1000,
  /** Message keys with a sequence number this far behind are dropped. */
  maxKeep: 3000,
  /** Most message keys held per session; the oldest go first. */
  maxMessageKeysPerSession: 2000,
  /** Most message keys held for one identity over all sessions; sessions used longest ago give theirs up first. */
  maxMessageKeysPerPeer: 6000,
  /** Most installations of a contact that get a copy. */
  maxTargets: 3,
  /** Most other own installations in our bundle and among the targets of own copies. */
  maxOwnOthers: 2,
  /** Most bundles looked at in one ProtocolMessage. */
  maxBundles: 4,
  /** Most installations in one bundle. */
  maxBundleInstallations: 8,
  /** Most installations remembered per identity; the one with the oldest bundle goes first. */
  maxDevicesPerPeer: 16,
  /** Most sessions kept per installation; the one used longest ago goes first. */
  maxSessionsPerDevice: 16,
  /** Opened messages remembered per session, to tell a replay from a rolled-back peer. */
  maxSeenPerSession: 256,
  /** Ephemeral keys of dropped sessions remembered per installation, so that their first message cannot be replayed. */
  maxRetiredEphemerals: 64,
  /** Own private prekeys held; the oldest go first. */
  maxPrekeys: 512,
  /** Bytes of an installation id. */
  maxInstallationIdBytes: 128,
  /** Entries of direct_message looked at. */
  maxEntries: 64,
  /** Bytes of a ProtocolMessage, either way. */
  maxMessageBytes: 16 * 1024 * 1024,
  /** Attempts of one call while somebody else writes to the same store. */
  maxConflicts: 16
})
