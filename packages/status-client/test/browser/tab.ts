/// <reference lib="webworker" />
import { messagePortLink } from '@status-stack/messageport-transport'
import { createIdentityKey } from '@status-stack/status-accounts'
import { BrowserLevel } from 'browser-level'
import { type Client, ClientError, createClient } from '../../src/index.ts'
import type { Answer, Order } from './orders.ts'

/** What runs in a tab: one client on an IndexedDB database, told what to do by messages. */
let client: Client | undefined
const events: { readonly text: string; readonly protection: string; readonly outgoing: boolean }[] = []

async function obey(order: Order): Promise<Answer> {
  switch (order.do) {
    case 'open': {
      const opened = await createClient(
        {
          identity: createIdentityKey(order.privateKey),
          database: new BrowserLevel<string, Uint8Array>(order.database),
          storageKey: order.storageKey,
          whisper: { powWorkers: 0 }
        },
        { syncTickMs: 20, syncRetryMs: 400 }
      )
      opened.on('message', ({ text, protection, outgoing }) => events.push({ text, protection, outgoing }))
      await opened.start()
      client = opened
      return { publicKey: opened.publicKey, installationId: opened.installationId }
    }
    case 'attach':
      client?.attach(messagePortLink(order.port, { peerId: order.peerId })).catch(() => undefined)
      return {}
    case 'send':
      await client?.send({ kind: 'one-to-one', publicKey: order.to }, { text: order.text })
      return {}
    case 'received':
      return { messages: events.filter(message => !message.outgoing) }
    case 'history': {
      const shown = (await client?.messages({ kind: 'one-to-one', publicKey: order.to })) ?? []
      return { messages: shown }
    }
    case 'close':
      await client?.stop()
      return {}
  }
}

self.onmessage = ({ data }: MessageEvent<{ readonly id: number; readonly order: Order }>) => {
  obey(data.order).then(
    answer => self.postMessage({ id: data.id, answer }),
    (error: unknown) =>
      self.postMessage({ id: data.id, answer: { error: ClientError.is(error) ? error.code : String(error) } })
  )
}
