import type { Packet, PeerLink } from '../../link.ts'
import { check, eventually as settled } from '../case.ts'

/** Two connected ends of one link, as a transport makes them; its capability has at least two message ids. */
export interface LinkFixture {
  /** The end of the node that dials, where that makes a difference. */
  readonly a: PeerLink
  /** The other end. */
  readonly b: PeerLink
  /** Releases what the fixture holds. */
  readonly release?: (() => Promise<void>) | undefined
}

export const readerOf = (link: PeerLink): AsyncIterator<Packet> => link.packets()[Symbol.asyncIterator]()

export const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

/** Bytes that do not compress. */
export function noise(length: number): Uint8Array {
  let state = 1
  return new Uint8Array(length).map(() => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state >>> 16
  })
}

/** Between two looks at what has happened meanwhile. */
export const lookMs = 50

/** A fixture with the few steps that all cases take. */
export function linkScene({ a, b }: LinkFixture, patienceMs: number | undefined) {
  const eventually = <T>(promise: Promise<T>, expected: string): Promise<T> => settled(promise, expected, patienceMs)
  const take = async (reader: AsyncIterator<Packet>, count: number): Promise<readonly Packet[]> => {
    const packets: Packet[] = []
    while (packets.length < count) {
      const next = await eventually(reader.next(), `packet ${packets.length + 1} of ${count}`)
      check(next.done !== true, `${count} packets, got ${packets.length}`)
      packets.push(next.value)
    }
    return packets
  }
  const only = async (reader: AsyncIterator<Packet>): Promise<Packet> => {
    const [packet] = await take(reader, 1)
    check(packet !== undefined, 'a packet')
    return packet
  }
  return { a, b, eventually, take, only }
}

/** One clause of the contract. */
export type LinkClause = readonly [name: string, run: (scene: ReturnType<typeof linkScene>) => Promise<void>]
