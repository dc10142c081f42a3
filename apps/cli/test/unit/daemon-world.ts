import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bytesToHex, keccak256, utf8Bytes } from '@status-stack/crypto'
import { createIdentityKey, encodeKeyText } from '@status-stack/status-accounts'
import { type Client, createClient } from '@status-stack/status-client'
import { linkPair } from '@status-stack/status-client/testing'
import { ClassicLevel } from 'classic-level'
import { createAccountRpc } from '../../src/daemon/account-rpc.ts'

export type Json = Record<string, unknown>

export interface Account {
  readonly client: Client
  /** `zQ3sh…` */
  readonly text: string
  readonly hex: string
  /** Calls a method as a program would; throws the fault. */
  readonly call: (method: string, params?: object) => Promise<unknown>
  /** The whole answer to a text. */
  readonly raw: (json: string) => Promise<unknown>
  /** Events that came so far. */
  readonly events: readonly Json[]
  readonly stop: () => Promise<void>
}

const hashOf = (text: string): Uint8Array => keccak256(utf8Bytes(text))

/** A daemon without a socket: the JSON-RPC over a client with a database of its own. */
export async function account(name: string, identity = name): Promise<Account> {
  const folder = mkdtempSync(join(tmpdir(), 'status-stack-daemon-'))
  const database = new ClassicLevel<string, Uint8Array>(folder, { keyEncoding: 'utf8', valueEncoding: 'view' })
  await database.open()
  const client = await createClient(
    {
      identity: createIdentityKey(hashOf(`identity ${identity}`)),
      database,
      storageKey: hashOf('storage'),
      whisper: { powWorkers: 0 }
    },
    { syncTickMs: 20, syncRetryMs: 400, contactCodeDelayMs: 86_400_000, lockAccount: false }
  )
  await client.start()
  const rpc = createAccountRpc(client)
  const events: Json[] = []
  const waiting = new Map<unknown, (json: unknown) => void>()
  const connection = rpc.connect(text => {
    const json = JSON.parse(text) as Json
    if (json['method'] === 'event') events.push(json['params'] as Json)
    else waiting.get(Array.isArray(json) ? 'batch' : json['id'])?.(json)
  })
  let last = 0
  const call = async (method: string, params?: object): Promise<unknown> => {
    const id = ++last
    const answer = new Promise<unknown>(resolve => waiting.set(id, resolve))
    await connection.receive(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    const { result, error } = (await answer) as Json
    if (error !== undefined) throw error
    return result
  }
  return {
    client,
    text: encodeKeyText(client.publicKey),
    hex: `0x${bytesToHex(client.publicKey)}`,
    call,
    raw: async json => JSON.parse((await rpc.call(json)) ?? 'null'),
    events,
    stop: async () => {
      connection.close()
      await rpc.stop()
      await client.stop()
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** Links two accounts in memory. */
export async function link(left: Account, right: Account): Promise<void> {
  const peer = (one: Account): string => bytesToHex(hashOf(one.client.installationId))
  const pair = linkPair(peer(left), peer(right))
  for (const [one, end] of [
    [left, pair.a],
    [right, pair.b]
  ] as const)
    one.client.attach(end).catch(() => undefined)
  await until(async () => left.client.connected() && right.client.connected())
}

export async function until(look: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 3000; tries++) {
    if (await look()) return
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  throw new Error('what was waited for did not come')
}
