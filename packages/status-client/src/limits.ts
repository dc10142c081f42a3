/**
 * Bounds on what others can make this client hold, compute or show, and on how long it keeps what it has deleted. Each has a test
 * that overruns it. What the data layer judges has its bounds there: `limits` of `@status-stack/status-data`.
 *
 * @example
 * ```ts
 * const tags = clientTag.slice(0, limits.clientTagCharacters)
 * ```
 */
export const limits = {
  /** Groups that one contact has put us in without our having joined; such groups use up no share of strangers. As many as of all strangers. */
  groupInvitationsPerContact: 100,
  /** Groups whose events are kept opened: more than most people are in, and at most 50 MiB. */
  groupHistories: 200,
  /** Authors whose quotas are remembered; each has paid for an envelope. */
  ratedAuthors: 10_000,
  /** Messages of one payload that are stored in one batch: a payload may hold thousands, and a batch is encrypted in one piece. */
  bodiesPerBatch: 64,
  /**
   * Messages of ours that are stored in one batch, when calls of `send` come faster than batches: each adds as little to it as a record, and
   * the others get the chats in between.
   */
  sentAtOnce: 32,
  /** Bytes of those messages: a picture goes alone, and what is small waits for one such at most. */
  sentAtOnceBytes: 256 * 1024,
  /** System lines of one update of a group that are stored in one batch: an update may bring a thousand events. */
  linesPerBatch: 32,
  /**
   * Messages outside sync that are posted and not confirmed: a peer confirms within a round trip, so that this is some hundreds per second,
   * and one that never confirms lets as many go in each life of an envelope.
   */
  postsUnconfirmed: 128,
  /** Entries of the outbox that are read at a time, and that one pass may find waiting before it ends. */
  outboxPage: 64,
  /**
   * Milliseconds after a pass over the outbox in which messages are gathered for the next one: one pass writes as often for fifty messages
   * as for one, and the first of them waits no longer than this.
   */
  outboxRestMs: 10,
  /**
   * Milliseconds after a write of ledgers in which facts that nobody waits for are gathered: that a message was sealed, posted and confirmed by a
   * peer are three of one moment.
   */
  ledgerRestMs: 20,
  /**
   * Milliseconds for which facts about a message that will be acknowledged may stay in memory alone: most are acknowledged before, and a ledger
   * is the largest record of a message. A crash forgets them, and what was not acknowledged is sent again, which brings them again.
   */
  ledgerUnwrittenMs: 3000,
  /** Ledgers that are ahead of the disk: those of some seconds of a flood, at some 1 KiB. */
  ledgersUnwritten: 1024,
  /** Entries of each part of the outbox that are kept in memory, at some 500 bytes; a longer one is read in pages. */
  outboxKept: 1024,
  /** Chats of which it is remembered that no note waits for its message. */
  chatsRemembered: 4096,
  /** Stored messages that wait to be told to listeners before the next delivery is handled. */
  announcements: 1024,
  /** Live deliveries that wait in one lane, of one author, of the members of a group or of all strangers: what some seconds of work come to. */
  inboundLaneItems: 2048,
  /** Bytes of those deliveries: an envelope may be 1 MiB. */
  inboundLaneBytes: 4 * 1024 * 1024,
  /** Bytes of deliveries that wait in all lanes together. */
  inboundBytes: 32 * 1024 * 1024,
  /** Bytes of those of strangers and of members of groups, who may be many and must leave room for people we know. */
  inboundLossyBytes: 16 * 1024 * 1024,
  /** Lanes that have a delivery in progress: each may be a long one, and the turn of the event loop is shared by all. */
  inboundAtOnce: 32,
  /** Deliveries that one history request buffers before it opens them in sending order. */
  historyBuffer: 20_000,
  /** Bytes of those deliveries: an envelope may be 1 MiB. */
  historyBufferBytes: 64 * 1024 * 1024,
  /**
   * Pages in a row that bring nothing new before the next server is asked. Pages hold up to 1000 envelopes of others whose topics
   * fall into the same bloom filter, so some are empty; a server that sends cursors and nothing else is not let go on for ever.
   */
  historyEmptyPages: 200,
  /** How long such pages may go on, ms: live messages of the same places wait meanwhile. */
  historyIdleMs: 120_000,
  /** Pages of one range: a million envelopes with pages of 100. */
  historyPages: 10_000,
  /** How far ahead of time the end of a fetched range may be noted, seconds: a request asks up to the next second. */
  historyAheadSeconds: 60,
  /** Envelopes of one range that are remembered to tell what is new. */
  historySeen: 100_000,
  /** Subscriptions open at once. Those of sessions with strangers make room for all others, and for each other. */
  subscriptions: 5000,
  /** People whose devices are remembered from one message to the next. */
  devicesRemembered: 1024,
  /** People of whom it is remembered which devices they have, a line each: where these are as before, nothing is tried again. */
  deviceSets: 10_000,
  /** How often in a row a change of somebody's devices has everything that waits for them sent again at once: two devices that are set up in one go. */
  deviceWakes: 3,
  /** Milliseconds after which it may once more; a change in between waits for that. */
  deviceWakeMs: 600_000,
  /** How often in a row a first link has everything that waits sent again at once: a connection that is bad for some minutes. */
  onlineWakes: 5,
  /** Milliseconds after which it may once more: whoever holds the other end of the link decides how often it ends. */
  onlineWakeMs: 120_000,
  /** Messages on their way whose bytes are kept in memory, as they are needed twice within moments: those of some seconds of a flood. */
  bodiesKept: 512,
  /** Bytes of those messages; larger ones are read from the disk. */
  bodiesKeptBytes: 512 * 1024,
  /** Messages whose bytes are given up in one batch: what some payloads acknowledge. */
  releasedAtOnce: 256,
  /** Ledgers of messages on their way that are kept in memory: as many as sync keeps waiting for a peer. */
  ledgersKept: 2048,
  /** Bytes of those ledgers; one of a large group has a leg for each member. */
  ledgersKeptBytes: 4 * 1024 * 1024,
  /** Envelopes of ours that an archive may still report: only as long as nobody has acknowledged their message. */
  envelopesAwaited: 5000,
  /** Ends of messages that sync remembers: the ledger has them all, so that hardly any are asked for. */
  syncOutcomes: 64,
  /** Envelopes kept per ledger leg, newest last. */
  envelopesPerLeg: 16,
  /** Confirmations kept per envelope. */
  confirmationsPerEnvelope: 16,
  /** Characters of a client tag. */
  clientTagCharacters: 64,
  /** UTF-16 units of a text that is being written: several times what one message may hold. */
  draftCharacters: 65_536,
  /** UTF-16 units of what the user calls a person: a line of a list has fewer columns. */
  petNameCharacters: 64,
  /** People whose word on the time is kept: a median needs few, and most people write with fewer. */
  skewSamples: 64,
  /** How long one word on the time counts, ms: clocks drift by seconds a day, and are set right within one. */
  skewSampleMs: 86_400_000,
  /** Fewer people than this say nothing about our clock: one may be wrong, two may disagree. */
  skewMinAuthors: 3,
  /** Difference from which people are warned, ms: Whisper's relays take envelopes that are up to 20 s off, with a ttl of 15 s or more. */
  skewWarnMs: 20_000,
  /** Peers whose refusals are counted as signs about our clock: a node has at most some fifty. */
  clockSignPeers: 64,
  /** Fewer refused envelopes than this say nothing about our clock: one may have waited on a busy machine until it had expired. */
  clockSignMinimum: 3,
  /** How long signs of one peer are counted together, ms. */
  clockSignMs: 300_000,
  /**
   * Milliseconds for which a session record that was overwritten stays in the database's files while the client runs: each pass costs
   * some 50 ms of disk work beside the event loop, a message two or three records.
   */
  sessionsKeptMs: 600_000,
  /** Writes to session records after which the old ones are erased sooner. */
  sessionWritesKept: 1000,
  /**
   * Bytes of writes that share one batch: some hundreds of records. A picture goes alone, so that what is small waits for one such at most.
   */
  gatheredBytes: 256 * 1024,
  /** Records kept in memory as they lie on the disk, to read them no second time: those of some hundred messages on their way. */
  readCacheEntries: 4096,
  /** Bytes of those records; one that is larger is read again. */
  readCacheBytes: 4 * 1024 * 1024,
  /**
   * Milliseconds after its last use for which one of them is kept: a message on its way has come to its end by then, and a client that has
   * little to do holds little.
   */
  readCacheMs: 60_000,
  /** Names of chats and messages in keys that are remembered: those of some seconds of a flood. */
  namesKept: 4096,
  /** Milliseconds after it was computed for which one of them is kept: a message needs its names several times while it is on its way. */
  namesKeptMs: 60_000,
  /** Claimed names that are checked at once: each is a request to a service of others. */
  ensChecksAtOnce: 4,
  /** Of these, those of strangers, so that one of people we know always begins at once. */
  ensStrangersAtOnce: 2,
  /** Strangers whose names wait to be checked; those who have waited for longest make room. */
  ensStrangersWaiting: 256,
  /** Milliseconds between two names of one stranger that are checked: people change their names rarely. */
  ensStrangerPauseMs: 600_000,
  /** Milliseconds by which the clock may be ahead of what it showed last without a doubt: a client that runs every day has none. */
  clockStepMs: 2 * 86_400_000,
  /** Milliseconds after which a larger step is believed. A clock that is wrong is set right once there is a network, or once somebody notices. */
  clockProvenMs: 86_400_000,
  /** Milliseconds between two notes of what the clock shows: a crash forgets what came after the last. */
  clockNotedMs: 3_600_000,
  /** Bytes of a backup that is read. */
  backupBytes: 256 * 1024 * 1024
} as const

/** The type of the limits. */
export type Limits = typeof limits
