import type { WhisperError } from '../errors.ts'
import type { HistoryRequest } from '../mailserver/port.ts'
import type { PacketKind } from '../packets/codes.ts'
import type { EnvelopeRange } from '../packets/envelope-reader.ts'
import type { RateLimits } from '../packets/rate-limits.ts'
import type { PeerStatus } from '../packets/status.ts'
import type { AnnouncedInterest } from './announced-interest.ts'

/** What a transport announces: the capability's name, its version, and how many packet codes it takes. */
export interface Capability {
  /** As it stands in Hello: `shh`, `waku`. */
  readonly name: string
  /** 6 for Whisper, 1 for Waku. */
  readonly version: number
  /** Codes 0 … length − 1 belong to the capability. */
  readonly length: number
}

/** What a node says about itself in Status. */
export interface OwnStatus {
  /** Lowest PoW wanted, EIP-627 units. */
  readonly minPow: number
  /** What the node wants of others. */
  readonly interest: AnnouncedInterest
  /** Whether it relays nothing of others. */
  readonly light: boolean
  /** Whether it answers batches with packets 12 and 11. */
  readonly confirmations: boolean
  /** Packets a second. */
  readonly rateLimits: RateLimits
  /** Payload bytes a second. */
  readonly byteLimits: RateLimits
}

/** What a peer says anew about itself. Absent: as before. */
export interface PeerUpdate {
  /** EIP-627 units. */
  readonly minPow?: number
  /** What the peer wants from now on, instead of what it wanted before. */
  readonly interest?: AnnouncedInterest
  /** Whether it is a light node now. */
  readonly light?: boolean
  /** Whether it confirms from now on. */
  readonly confirmations?: boolean
  /** Packets a second. */
  readonly rateLimits?: RateLimits
  /** Payload bytes a second. */
  readonly byteLimits?: RateLimits
  /** What is wrong with the rest of the packet; what comes before it is in force. */
  readonly failure?: WhisperError
}

/** A packet of this node. */
export interface OwnPacket {
  /** Relative to the capability. */
  readonly code: number
  /** Its RLP. */
  readonly payload: Uint8Array
}

/** How what a node wants follows from what it listens for. */
export interface InterestPolicy {
  /** Before anything is subscribed. */
  readonly initial: AnnouncedInterest
  /**
   * The interest with the topics of one more listener, or `undefined` when nothing is announced for it.
   *
   * @param topics 4 bytes each; none: every topic
   * @param listened every topic that a listener of this node names, as numbers of `topicNumber`
   * @throws WhisperError `invalid-argument` when the protocol cannot say so many topics
   */
  readonly widen: (
    current: AnnouncedInterest,
    topics: readonly Uint8Array[],
    listened: () => Iterable<number>
  ) => AnnouncedInterest | undefined
}

/** Forms of the packets of trusted peers that differ. */
export interface PeerToPeerCodec {
  /** Packet 127. */
  readonly encodeMessages: (envelopes: readonly Uint8Array[]) => Uint8Array
  /** Where the envelopes of packet 127 lie. @throws WhisperError `invalid-packet` */
  readonly envelopesOf: (payload: Uint8Array) => EnvelopeRange
  /** Packet 126. @throws WhisperError `invalid-packet` */
  readonly decodeRequest: (payload: Uint8Array) => HistoryRequest
  /** Whether mailservers copy from each other with packets 123 and 124. */
  readonly sync: boolean
}

/**
 * What a protocol of this family has of its own: its packet table, its Status, and what its words about interest and errors mean.
 * Envelopes, pool, filters, proof of work and the relay of envelopes are the same in all of them; codes 0, 1, 11, 12 and 125 … 127 too.
 *
 * Whisper v6 is one of them, Waku v1 another one.
 */
export interface EnvelopeProtocol {
  /** As it stands in log texts. */
  readonly name: string
  /** What a transport announces for a node of it. */
  readonly capability: Capability
  /** Under which kind the traffic of a code is counted. */
  readonly kindOfCode: (code: number) => PacketKind
  /** The code of every error entry in packet 12. */
  readonly envelopeErrorCode: number
  /** Bytes of the largest Status, whatever the size limit is. Absent: the size limit holds for it. */
  readonly maxStatusBytes?: number
  /** Whether a link goes on after a packet that cannot be read; nothing of it is applied. */
  readonly toleratesBadPackets: boolean
  /** Whether envelopes that reach a light node count as peer-to-peer ones for its filters. */
  readonly lightIsPeerToPeer: boolean
  /** The part of a payload that is read; bytes behind it are ignored. */
  readonly readablePart: (code: number, payload: Uint8Array) => Uint8Array
  /** The payload of packet 0. */
  readonly encodeStatus: (own: OwnStatus) => Uint8Array
  /** Reads packet 0 of a peer; what it leaves out has its default. @throws WhisperError `handshake-failed`, `invalid-packet` */
  readonly decodeStatus: (payload: Uint8Array) => PeerStatus
  /** Packets that say what has changed. */
  readonly announce: (change: Partial<OwnStatus>) => readonly OwnPacket[]
  /** Reads a packet by which a peer says something anew; `undefined` for other codes. @throws WhisperError `invalid-packet` */
  readonly readUpdate: (code: number, payload: Uint8Array) => PeerUpdate | undefined
  /** How what is announced follows from what is listened for. */
  readonly interest: InterestPolicy
  /** Packets 123 … 127, as far as protocols differ in them. */
  readonly peerToPeer: PeerToPeerCodec
}
