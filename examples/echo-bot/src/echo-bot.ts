import { createConnection } from 'node:net'
import { connectAccount } from '@status-stack/account-rpc/client'
import type { MessageFact } from '@status-stack/account-rpc/methods'

const command = '!echo '

/**
 * Answers `!echo TEXT` with `TEXT` until the daemon ends or the signal fires. What is asked in `channel` is heard as well as what people write
 * to the bot alone.
 */
export async function runEchoBot(socketPath: string, channel: string, signal: AbortSignal): Promise<void> {
  const socket = createConnection(socketPath)
  const account = connectAccount({
    input: socket,
    send: line => void socket.write(line),
    close: () => void socket.destroy()
  })
  const answer = async (question: MessageFact): Promise<void> => {
    if (question.outgoing || !question.text.startsWith(command)) return
    await account.send({
      // The conversation goes back as it came.
      chat: question.chat,
      text: question.text.slice(command.length),
      replyTo: question.messageId,
      // However often the bot sees this message, it is answered once.
      clientTag: `echo ${question.messageId.slice(2, 42)}`
    })
  }
  account.on('message', question => {
    answer(question).catch(error => console.error(String(error)))
  })
  await account.joinChat({ chat: channel })
  const over = AbortSignal.any([signal, account.ended])
  if (!over.aborted) await new Promise(resolve => over.addEventListener('abort', resolve, { once: true }))
  account.close()
}
