/**
 * Every bound on what a remote peer can make us hold or compute. Bytes unless named otherwise. The strict rules apply
 * all of them; under the rules of status-go 0.56.10 only those apply that guard our own memory (`wrapperBytes`,
 * `fields`, `groupEvents`) or that it has itself (`textBytes`, `clockAheadMs`).
 */
export const limits = Object.freeze({
  /** A wrapper; Whisper itself stops at 1 MiB. */
  wrapperBytes: 1024 * 1024,
  /** Protobuf fields in one message and the messages inside it. */
  fields: 10_000,
  /** SPEC: 6/PAYLOADS: text is at most 4096 UTF-8 bytes. */
  textBytes: 4096,
  /** How far a clock may be ahead of its reference, ms. */
  clockAheadMs: 120_000,
  /** A picture in a chat message. */
  imageBytes: 768 * 1024,
  /** A sound in a chat message. */
  audioBytes: 768 * 1024,
  /** A profile picture, as a data URI. */
  profileImageBytes: 256 * 1024,
  /** A name: ENS name, group name, device name, device type, installation id. */
  nameBytes: 256,
  /** Any other short string field: ids, hashes, values, addresses. */
  fieldBytes: 1024,
  /** Events in one membership update, and events that count in one group. */
  groupEvents: 1000,
  /** Events of one group that do not count yet. */
  waitingEvents: 100,
  /** Members named by one event. */
  eventMembers: 200,
  /** Members of one group. */
  groupMembers: 500,
  /** Mentions found in one text; later ones are plain text. */
  mentions: 100,
  /** Unsolved message requests of strangers that are kept; the oldest goes first. */
  messageRequests: 200
})
