/**
 * Every bound on what others can make us hold or compute. Bytes unless named otherwise. The strict rules apply all of them;
 * under the rules of status-go 0.56.10 only those apply that guard our own memory (`wrapperBytes`, `fields`, `groupEvents`,
 * `pictureBytes`) or that it has itself (`textBytes`, `clockAheadMs`).
 *
 * @example
 * ```ts
 * if (picture.length > limits.imageBytes) shrink(picture)
 * ```
 */
export const limits = Object.freeze({
  /** A wrapper; Whisper itself stops at 1 MiB. */
  wrapperBytes: 1024 * 1024,
  /** Protobuf fields in one message and the messages inside it: each takes two bytes on the wire and hundreds in memory. */
  fields: 10_000,
  /** SPEC: 6/PAYLOADS: text is at most 4096 UTF-8 bytes. */
  textBytes: 4096,
  /** How far a clock may be ahead of its reference, ms. SPEC: 6/PAYLOADS. */
  clockAheadMs: 120_000,
  /**
   * How far our own clocks run ahead of now at most, ms: 20 s less than readers accept, for envelope times are whole seconds
   * and the clocks of honest devices differ.
   */
  clockBidAheadMs: 100_000,
  /** How far a message's clock may be behind its envelope before it counts as old, ms. SPEC: 6/PAYLOADS. */
  oldAfterMs: 120_000,
  /**
   * A picture in a chat message. In a group it travels with the whole history, so both together have to fit into an
   * envelope of 1 MiB.
   */
  imageBytes: 512 * 1024,
  /** A sound in a chat message; for the same reason. */
  audioBytes: 512 * 1024,
  /** A profile picture, as a data URI; a larger one is left out. Kept of every stranger, so `strangers` times this is bounded. */
  pictureBytes: 64 * 1024,
  /** A name: ENS name, group name, device name, device type, installation id. DNS names have 255 at most. */
  nameBytes: 256,
  /** Any other short string field: ids, hashes, values, addresses. The longest real one, a group id, has 169. */
  fieldBytes: 1024,
  /** Events in one membership update, and events that count in one group. Each takes a signature to verify, 0.1 to 1 ms. */
  groupEvents: 1000,
  /**
   * Events of a group we know that are new to us and verified in one update. A member who was away for longer gets the
   * rest with the next update.
   */
  newEvents: 250,
  /** The events of one group, waiting ones included. They are sent with every message in the group. */
  groupEventBytes: 256 * 1024,
  /** Events of one group that do not count yet, and their bytes; they go first when the history needs the room. */
  waitingEvents: 64,
  waitingEventBytes: 32 * 1024,
  /** The part of these that people may fill who are no members: enough for a join that overtakes its invitation. */
  strangerEvents: 16,
  strangerEventBytes: 4 * 1024,
  /** Members named by one event: a whole group. */
  eventMembers: 100,
  /** Members of one group: each message is sealed and posted, with its proof of work, once for each of them. */
  groupMembers: 100,
  /** Mentions found in one text; later ones are plain text. A text holds 30 at most, their check is what costs. */
  mentions: 100,
  /** Message requests of strangers that wait for an answer; oldest evicted first. More than anyone reads. */
  messageRequests: 100,
  /** Messages kept of one stranger who has no answer yet; the rest comes when we have answered. */
  messagesPerRequest: 50,
  /** Groups that strangers have put us in without our having joined; oldest evicted first. */
  groupInvitations: 100,
  /** The same of one stranger, who has no reason for more and could push out the others' by them. */
  invitationsPerStranger: 5,
  /** People of whom something is stored though we have not added them; the one changed longest ago is evicted first. */
  strangers: 2000,
  /** Reactions, pins, edits and deletions that are kept of one message, from people we have not added. */
  annotationsPerMessage: 256,
  /** The same kept in one chat for messages that have not come; the oldest of whoever has the most is evicted first. */
  earlyAnnotations: 500,
  /** The same of one person, whose oldest is evicted first. */
  earlyAnnotationsPerAuthor: 50,
  /** Messages pinned in one chat. */
  pins: 100
})
