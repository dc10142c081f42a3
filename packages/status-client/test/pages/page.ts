import { messagePortLink } from '@status-stack/messageport-transport'
import { createIdentityKey } from '@status-stack/status-accounts'
import { BrowserLevel } from 'browser-level'
import { type Client, ClientError, createClient } from '../../src/index.ts'

/** What a test asks of a page. Byte arrays travel as arrays of numbers. */
export interface Page {
  /** Opens an account on a database of this browser profile; answers the code of the error when it can't. */
  readonly open: (account: {
    readonly privateKey: readonly number[]
    readonly storageKey: readonly number[]
    readonly database: string
  }) => Promise<{ readonly publicKey: readonly number[] } | { readonly error: string }>
  /** Links this page to the other one that names the same room. */
  readonly link: (room: string, peerId: string) => void
  readonly send: (to: readonly number[], text: string) => Promise<void>
  /** Newest first. */
  readonly texts: (to: readonly number[]) => Promise<readonly { readonly text: string; readonly protection: string }[]>
  readonly close: () => Promise<void>
}

let client: Client | undefined
const opened = (): Client => {
  if (client === undefined) throw new Error('no account is open')
  return client
}
const chatOf = (to: readonly number[]) => ({ kind: 'one-to-one', publicKey: Uint8Array.from(to) }) as const

const page: Page = {
  open: async ({ privateKey, storageKey, database }) => {
    try {
      client = await createClient(
        {
          identity: createIdentityKey(Uint8Array.from(privateKey)),
          database: new BrowserLevel<string, Uint8Array>(database),
          storageKey: Uint8Array.from(storageKey),
          whisper: { handshakeTimeoutMs: 1000 }
        },
        { syncTickMs: 20, syncRetryMs: 400 }
      )
    } catch (error) {
      return { error: ClientError.is(error) ? error.code : String(error) }
    }
    await client.start()
    return { publicKey: [...client.publicKey] }
  },
  link: (room, peerId) => {
    // Pages of one origin have no port to each other; a worker that they share hands one over.
    const broker = new SharedWorker('/broker.js', { type: 'module' })
    const { port1, port2 } = new MessageChannel()
    broker.port.start()
    broker.port.postMessage({ room, port: port2 }, [port2])
    opened()
      .attach(messagePortLink(port1, { peerId }))
      .catch(() => undefined)
  },
  send: async (to, text) => {
    await opened().send(chatOf(to), { text })
  },
  texts: async to => (await opened().messages(chatOf(to))).map(({ text, protection }) => ({ text, protection })),
  close: () => opened().stop()
}

Object.assign(globalThis, { page })
