import { generatePrivateKey } from '@status-stack/crypto'
import { createIdentityKey } from '@status-stack/status-accounts'
import { type Client, createClient, defaultLayers } from '@status-stack/status-client'
import { composeClient } from '@status-stack/status-client/compose'
import { createWakuLayer } from '@status-stack/waku/status'
import { createWebSocketHost } from '@status-stack/websocket-transport'
import { BrowserLevel } from 'browser-level'

/** What a test asks of a page. Byte arrays travel as arrays of numbers. */
export interface Page {
  /** Opens a new account on a database of this browser profile and dials a node; answers the public key. */
  readonly open: (account: {
    readonly name: string
    readonly privacy: 'whisper' | 'waku'
    readonly node: string
  }) => Promise<readonly number[]>
  readonly connected: () => boolean
  readonly send: (to: readonly number[], text: string) => Promise<void>
  /** Newest first. */
  readonly messages: (
    chat: readonly number[]
  ) => Promise<readonly { readonly text: string; readonly protection: string }[]>
  readonly close: () => Promise<void>
}

let client: Client | undefined
let stop = async (): Promise<void> => undefined
const opened = (): Client => {
  if (client === undefined) throw new Error('no account is open')
  return client
}
const chatOf = (to: readonly number[]) => ({ kind: 'one-to-one', publicKey: Uint8Array.from(to) }) as const

const page: Page = {
  open: async ({ name, privacy, node }) => {
    const deps = {
      identity: createIdentityKey(generatePrivateKey()),
      database: new BrowserLevel<string, Uint8Array>(name),
      storageKey: generatePrivateKey()
    }
    const options = { syncRetryMs: 1000 }
    const opening =
      privacy === 'whisper'
        ? createClient(deps, options)
        : composeClient(deps, { ...defaultLayers(), privacy: host => createWakuLayer(host) }, options)
    const running = await opening
    client = running
    const capability = privacy === 'whisper' ? { name: 'shh', version: 6 } : { name: 'waku', version: 1 }
    const host = createWebSocketHost({
      privateKey: generatePrivateKey(),
      capabilities: [{ ...capability, length: 128, run: link => running.attach(link) }]
    })
    await running.start()
    await host.start()
    host.addStatic(node)
    stop = async () => {
      await running.stop()
      await host.stop()
    }
    return [...running.publicKey]
  },
  connected: () => opened().connected(),
  send: async (to, text) => {
    await opened().send(chatOf(to), { text })
  },
  messages: async chat => (await opened().messages(chatOf(chat))).map(({ text, protection }) => ({ text, protection })),
  close: () => stop()
}

Object.assign(globalThis, { page })
