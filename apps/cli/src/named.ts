import { type ChatJson, chatId } from '@status-stack/account-rpc/targets'
import type { Known } from '@status-stack/account-rpc/words'
import { CliError } from './errors.ts'

/**
 * A slip in a name changes nothing, and says so.
 * @throws CliError `unknown-chat` for what is not in the list of chats, or was left already where it has to be joined
 */
export async function assertKnown(
  known: Pick<Known, 'chats'>,
  chat: ChatJson,
  title: string,
  joined = false
): Promise<void> {
  const stored = (await known.chats()).find(({ id }) => id === chatId(chat))
  if (stored !== undefined && (stored.active || !joined)) return
  const what = joined ? `${title} is not joined` : `nothing is stored of ${title}`
  throw new CliError('failed', 'unknown-chat', what, '`status-stack chats` shows what there is')
}
