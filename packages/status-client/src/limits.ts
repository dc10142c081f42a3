/**
 * Every bound on what somebody else can make this client hold, compute or show, and on how long it keeps what it has deleted. Each has
 * a test that overruns it.
 */
export const limits = {
  /** Bytes of one image or voice file that is kept; larger ones are refused (`attachment-too-large`). */
  attachmentBytes: 512 * 1024,
  /** Bytes of a claimed profile picture; a longer one is dropped, the rest of the update is kept. */
  pictureBytes: 64 * 1024,
  /** UTF-8 bytes of a claimed name. */
  ensNameBytes: 255,
  /** Chats opened by people who are not contacts; the next first message is refused (`request-quota`) and not acknowledged. */
  messageRequests: 100,
  /** Messages kept in one chat of somebody who is not a contact. */
  messagesPerRequest: 50,
  /** Groups somebody else may have put us in without our having joined. */
  groupInvitations: 100,
  /** Members of a group. */
  groupMembers: 100,
  /** Bytes of one group's event history. */
  groupEventBytes: 256 * 1024,
  /** Distinct reactions kept per message. */
  reactionsPerMessage: 256,
  /** Reactions, pins, edits and deletions kept per chat for messages that have not come. */
  earlyNotes: 500,
  /** Messages pinned in one chat. */
  pinsPerChat: 100,
  /** People of whom something is stored without our having added them. */
  strangers: 2000,
  /** Messages taken from one author per minute of arrival, live; more are refused (`author-rate`) and not acknowledged. */
  messagesPerAuthorPerMinute: 300,
  /** The same for contacts and for people we have written to. */
  messagesPerContactPerMinute: 6000,
  /** Deliveries that one history request buffers before it opens them in sending order. */
  historyBuffer: 20_000,
  /** Subscriptions open at once. */
  subscriptions: 5000,
  /** Envelopes kept per ledger leg, newest last. */
  envelopesPerLeg: 16,
  /** Confirmations kept per envelope. */
  confirmationsPerEnvelope: 16,
  /** Characters of a client tag. */
  clientTagCharacters: 64,
  /** Milliseconds by which the clock is corrected at most. */
  skewCorrectionMs: 60_000,
  /** Samples of peers' clocks kept. */
  skewSamples: 64,
  /**
   * Milliseconds for which a session record that was overwritten stays in the database's files while the client runs: each pass costs
   * some 50 ms of disk work beside the event loop, a message two or three records.
   */
  sessionsKeptMs: 600_000,
  /** Writes to session records after which the old ones are erased sooner. */
  sessionWritesKept: 1000,
  /** Bytes of a backup that is read. */
  backupBytes: 256 * 1024 * 1024
} as const

export type Limits = typeof limits
