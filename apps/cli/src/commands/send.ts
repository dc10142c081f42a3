import { modules, positive } from '@status-stack/command-line'
import { type Context, defineCommand } from '../command.ts'
import { deliveryOptions, flag, mailserverOption } from '../flags.ts'
import type { ContentOptions } from '../messages/content.ts'
import type { WaitOptions } from '../messages/delivery.ts'

interface SendOptions extends WaitOptions, ContentOptions {
  readonly to: string
  /** The same tag again sends nothing. */
  readonly clientTag?: string
}

/** Sends one message and waits as long as asked for. */
export const send = defineCommand({
  name: 'send',
  summary: 'send one message',
  positions: [['[text]', 'what to say; - or nothing: from stdin']],
  flags: [
    flag('--to <who>', 'a name, a public key, a contact link, #name of a public chat, or the id of a group', {
      required: true,
      words: 'chats'
    }),
    flag('--reply-to <message>', 'message id that it answers: 0x…'),
    flag('--image <file>', 'PNG, JPEG, WEBP or GIF; - for stdin; the text goes with it'),
    flag('--audio <file>', 'AAC or AMR; - for stdin'),
    flag('--duration <seconds>', 'how long the sound is', { parse: positive }),
    flag('--sticker <sticker>', 'PACK/HASH'),
    flag('--emoji', 'the text is emoji, to be shown large'),
    flag('--client-tag <tag>', 'your own id for this message: the same tag again sends nothing'),
    mailserverOption(),
    ...deliveryOptions()
  ],
  examples: [
    ['to a person', 'send --to zQ3sh… --peer enode://…@host:30303 "hello"'],
    ['by the name that you gave them', 'send --to Bob --peer enode://…@host:30303 "hello"'],
    ['to a public chat, from a file', 'send --to "#status" --peer enode://…@host:30303 < notes.txt'],
    ['until a device of theirs has it', 'send --to zQ3sh… --peer enode://…@host:30303 --wait acknowledged "hello"'],
    ['once, however often it runs', 'send --to zQ3sh… --peer enode://…@host:30303 --client-tag job-7 "done"']
  ],
  load: () => modules(import('../messenger.ts'), import('../messages/content.ts'), import('../messages/delivery.ts')),
  run: async ({ options, globals, output, args: [text] }: Context<SendOptions>, kit) => {
    const { to, clientTag, simulateNetwork, wait } = options
    kit.assertTarget(to)
    kit.assertClientTag(clientTag)
    const content = await kit.contentOf(options, text)
    const network = { network: 'online', simulateNetwork, brief: true } as const
    await kit.withAccount(network, kit.withLink(to, globals), output, async session => {
      const { account, publicKey, signal, names } = session
      const chat = await kit.findChat(names, to)
      const delivery = kit.watchDelivery(account, publicKey)
      const sent = await account.send({ ...content, chat, clientTag }, { signal })
      // A public chat has no recipient who could acknowledge: the next peer's confirmation is all there is to wait for.
      const wanted = chat.kind === 'public' && wait === 'acknowledged' ? 'confirmed' : wait
      await kit.showReached(
        session,
        output,
        reached => kit.sentView(sent, chat, reached, names),
        wanted,
        () => delivery.wait(sent.messageId, wanted, globals.timeout, signal)
      )
    })
  }
})
