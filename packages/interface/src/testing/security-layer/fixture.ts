import type { Audience } from '../../protection.ts'
import type { OpenResult, SecurityLayer } from '../../security.ts'
import { check } from '../case.ts'

/** Two people with one device each, who have never heard of each other. */
export interface SecurityFixture<Receipt> {
  /** Her only device, with an empty store. */
  readonly alice: SecurityLayer<Receipt>
  /** His only device, with another empty store. */
  readonly bob: SecurityLayer<Receipt>
  /** 65 bytes each. */
  readonly aliceKey: Uint8Array
  /** Bob's identity key, which `open` of Alice gets as the sender. */
  readonly bobKey: Uint8Array
  /** Called after each case, also after one that failed. */
  readonly release?: (() => Promise<void>) | undefined
}

/** Cases pass receipts on without looking into them. */
type AnyLayer = SecurityLayer<unknown>
type Message = Extract<OpenResult<unknown>, { kind: 'message' }>

/** A fixture, and what is expected of it. */
export interface SecurityScene extends SecurityFixture<unknown> {
  readonly forwardSecret: boolean
}

/** One clause of the contract. */
export type SecurityClause = readonly [name: string, run: (scene: SecurityScene) => Promise<void>]

export const textOf = (text: string): Uint8Array => new TextEncoder().encode(text)
export const to = (publicKey: Uint8Array): Audience => ({ kind: 'identity', publicKey, reach: 'known-devices' })

/** Seals for somebody who is there. */
export async function seal(layer: AnyLayer, bytes: Uint8Array, audience: Audience) {
  const sealed = await layer.seal(bytes, audience)
  check(sealed.kind === 'sealed', `bytes sealed for ${audience.kind}, got nobody`)
  return sealed
}

/** Opens what has to be a message. */
export async function open(layer: AnyLayer, bytes: Uint8Array, sender: Uint8Array): Promise<Message> {
  const opened = await layer.open(bytes, { sender })
  check(
    opened.kind === 'message',
    `a message, got ${opened.kind}${opened.kind === 'unreadable' ? ` (${opened.reason})` : ''}`
  )
  return opened
}

/** Both have heard of each other: what follows is as well protected as the layer can. */
export async function acquaint({ alice, bob, aliceKey, bobKey }: SecurityScene): Promise<void> {
  await open(bob, (await seal(alice, textOf('hello'), to(bobKey))).bytes, aliceKey)
  await open(alice, (await seal(bob, textOf('hello too'), to(aliceKey))).bytes, bobKey)
  await open(bob, (await seal(alice, textOf('well met'), to(bobKey))).bytes, aliceKey)
}
