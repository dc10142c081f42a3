import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bytesToHex, keccak256, utf8Bytes } from '@status-stack/crypto'
import { createIdentityKey, encodeKeyText } from '@status-stack/status-accounts'
import { type Client, createClient } from '@status-stack/status-client'
import { linkPair } from '@status-stack/status-client/testing'
import type { Rpc } from '@status-stack/whisper-rpc'
import { ClassicLevel } from 'classic-level'
import { connectAccount, type RemoteAccount } from '../../src/client.ts'
import { createAccount, type LocalAccount, serveAccount } from '../../src/index.ts'

export type Json = Record<string, unknown>

export interface Served {
  readonly client: Client
  /** In this process. */
  readonly local: LocalAccount
  /** The same account behind a connection. */
  readonly remote: RemoteAccount
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
export async function account(name: string, identity = name): Promise<Served> {
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
  const local = createAccount(client, { version: '1.2.3' })
  const rpc = serveAccount(local)
  const remote = connectAccount(channelTo(rpc))
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
    local,
    remote,
    text: encodeKeyText(client.publicKey),
    hex: `0x${bytesToHex(client.publicKey)}`,
    call,
    raw: async json => JSON.parse((await rpc.call(json)) ?? 'null'),
    events,
    stop: async () => {
      connection.close()
      remote.close()
      await rpc.stop()
      local.stop()
      await client.stop()
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** A stream to a server, in memory. */
function channelTo(rpc: Rpc): Parameters<typeof connectAccount>[0] {
  const lines: Uint8Array[] = []
  let wake = (): void => {}
  let over = false
  const connection = rpc.connect(text => {
    lines.push(utf8Bytes(`${text}\n`))
    wake()
  })
  async function* input(): AsyncGenerator<Uint8Array> {
    while (!over) {
      for (let line = lines.shift(); line !== undefined; line = lines.shift()) yield line
      if (over) return
      await new Promise<void>(resolve => {
        wake = resolve
        if (lines.length > 0) resolve()
      })
    }
  }
  return {
    input: input(),
    send: line => void connection.receive(line),
    close: () => {
      over = true
      connection.close()
      wake()
    }
  }
}

/** Links two accounts in memory. */
export async function link(left: Served, right: Served): Promise<void> {
  const peer = (one: Served): string => bytesToHex(hashOf(one.client.installationId))
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
