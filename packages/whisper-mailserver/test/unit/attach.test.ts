import type { MailserverPort } from '@status-stack/whisper'
import { envelopeHash } from '@status-stack/whisper/wire'
import { expect, test } from 'vitest'
import { createMailserver, type MailserverNode, memoryEnvelopeStore } from '../../src/index.ts'
import { archived, envelope, epoch } from '../support/world.ts'

/** A node that notes what is plugged into it. */
function nodeOf(name: string): { readonly node: MailserverNode; readonly plugged: () => MailserverPort | undefined } {
  let port: MailserverPort | undefined
  const node: MailserverNode = {
    capability: { name, version: 1, length: 128 },
    serve: given => {
      port = given
      return () => {
        port = undefined
      }
    }
  }
  return { node, plugged: () => port }
}

test('a mailserver serves on several nodes from one archive, in which an envelope is once', async () => {
  const store = memoryEnvelopeStore()
  const mailserver = createMailserver({ store })
  await mailserver.start()
  const [whisper, waku] = [nodeOf('shh'), nodeOf('waku')]
  const ends = [mailserver.attach(whisper.node), mailserver.attach(waku.node)]
  const bytes = envelope(epoch)
  for (const { plugged } of [whisper, waku]) await plugged()?.archive?.accept([archived(bytes, epoch)])
  const found: Uint8Array[] = []
  const everything = new Uint8Array(64).fill(255)
  for await (const chunk of store.query({ lower: 0, upper: 0xffff_ffff, bloom: everything, limit: 10 })) {
    for (const entry of chunk) found.push(envelopeHash(entry.bytes))
  }
  expect(found).toEqual([envelopeHash(bytes)])
  for (const end of ends) end()
  expect([whisper.plugged(), waku.plugged()]).toEqual([undefined, undefined])
  await mailserver.stop()
})

test('a request whose id an answer could not name gets none', async () => {
  const mailserver = createMailserver({ store: memoryEnvelopeStore() })
  await mailserver.start()
  const { node, plugged } = nodeOf('waku')
  mailserver.attach(node)
  const refused: string[] = []
  mailserver.on('requestrefused', fact => refused.push(fact.error))
  const answer = async (): Promise<never> => expect.unreachable()
  const peer = { peerId: 'a', sendMessages: answer, sendCompletion: answer, sendSyncResponse: answer, close: answer }
  const request = { from: 1, to: 2, limit: 1, cursor: new Uint8Array(0), bloom: new Uint8Array(64) }
  await plugged()?.request?.({ kind: 'plain', id: new Uint8Array(31), ...request }, peer)
  expect(refused).toEqual([])
  await mailserver.stop()
})

test('arguments are checked, and a stopped mailserver serves nothing', async () => {
  const mailserver = createMailserver({ store: memoryEnvelopeStore() })
  const refusal = expect.objectContaining({ code: 'invalid-argument' })
  expect(() => mailserver.attach(undefined as never)).toThrow(refusal)
  expect(() => mailserver.attach({ serve: 1 } as never)).toThrow(refusal)
  for (const name of ['shh', 'waku']) {
    const { node, plugged } = nodeOf(name)
    mailserver.attach(node)
    await expect(plugged()?.archive?.accept([archived(envelope(epoch), epoch)])).rejects.toMatchObject({
      code: 'not-running'
    })
  }
})
