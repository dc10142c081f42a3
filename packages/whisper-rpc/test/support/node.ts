import { bytesToHex, keccak256, publicKeyOf } from '@status-stack/crypto'
import { createPowSearcher, createWhisper, type Whisper, type WhisperOptions } from '@status-stack/whisper'
import { createLinkPair, createTestKey } from '@status-stack/whisper/testing'
import { createRpc, type Rpc, type RpcDeps, type RpcOptions } from '../../src/index.ts'
import { callerOf } from '../../src/testing/index.ts'

export const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
export const nodeKey = createTestKey(key(0x51))

/** The address of a node as clients write it, and its peer id. */
export function addressOf(byte: number): { readonly enode: string; readonly peerId: string } {
  const id = publicKeyOf(key(byte)).subarray(1)
  return { enode: `enode://${bytesToHex(id)}@127.0.0.1:30303`, peerId: bytesToHex(keccak256(id)) }
}

const clock = { nowMs: () => Date.now() }
const running: (() => Promise<void>)[] = []

/** Stops everything that a test started. */
export async function stopAll(): Promise<void> {
  for (const stop of running.splice(0).reverse()) await stop()
}

export function onStop(stop: () => Promise<void>): void {
  running.push(stop)
}

export async function startWhisper(options: WhisperOptions = {}): Promise<Whisper> {
  const whisper = createWhisper({ clock, pow: createPowSearcher(clock, 0) }, { minPow: 0, sendWaitMs: 200, ...options })
  await whisper.start()
  onStop(() => whisper.stop())
  return whisper
}

export interface Api {
  readonly rpc: Rpc
  readonly whisper: Whisper
  readonly call: ReturnType<typeof callerOf>
}

export async function startApi(
  options: RpcOptions = {},
  deps: Partial<RpcDeps> = {},
  whisperOptions: WhisperOptions = {}
): Promise<Api> {
  const whisper = await startWhisper(whisperOptions)
  const rpc = createRpc({ whisper, nodeKey, ...deps }, options)
  onStop(() => rpc.stop())
  return { rpc, whisper, call: callerOf(rpc) }
}

/** Links two nodes in memory; `left` sees `right` as the node of `rightKey`. Resolves when both have shaken hands. */
export async function link(left: Whisper, right: Whisper, leftKey = 0x61, rightKey = 0x62): Promise<() => void> {
  const pair = createLinkPair({ left: addressOf(leftKey).peerId, right: addressOf(rightKey).peerId })
  const attached = [left.attach(pair.left), right.attach(pair.right)].map(end => end.catch(() => undefined))
  onStop(async () => {
    pair.cut()
    await Promise.all(attached)
  })
  const has = (node: Whisper, byte: number): boolean =>
    node.peers().some(({ peerId }) => peerId === addressOf(byte).peerId)
  await until(() => (has(left, rightKey) && has(right, leftKey) ? true : undefined))
  return pair.cut
}

/** Waits until a value is there. */
export async function until<Value>(look: () => Promise<Value | undefined> | Value | undefined): Promise<Value> {
  for (let tries = 0; tries < 2000; tries++) {
    const value = await look()
    if (value !== undefined) return value
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  throw new Error('what was waited for did not come')
}

/** The refusal of a call, as code and text. */
export async function refusal(call: Promise<unknown>): Promise<readonly [number, string]> {
  try {
    await call
  } catch (error) {
    const { code, message } = error as { code: number; message: string }
    return [code, message]
  }
  throw new Error('the call was not refused')
}

/** What a message needs to be posted without work. */
export const easy = { powTime: 0, powTarget: 0, ttl: 20 }
