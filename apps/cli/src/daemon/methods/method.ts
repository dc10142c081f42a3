import type { ChatRef, Client, PublicKey } from '@status-stack/status-client'
import { parseKey, parseTarget } from '../../target.ts'
import { ArgumentError, type Arguments } from '../arguments.ts'

/** One method of the account's JSON-RPC; results are the objects that `--json` prints. */
export interface AccountMethod {
  /** Names of its parameters; a call with another one is refused. */
  readonly params: readonly string[]
  /** `signal` aborts when the caller is gone. */
  readonly run: (client: Client, args: Arguments, signal: AbortSignal) => Promise<unknown>
}

export type MethodTable = Readonly<Record<string, AccountMethod>>

/** For methods that have nothing to say but that it is done. */
export const done = async (work: Promise<unknown>): Promise<object> => {
  await work
  return {}
}

export const chatOf = (args: Arguments): ChatRef => parseTarget(args.text('chat'))
export const personOf = (args: Arguments): PublicKey => parseKey(args.text('publicKey'))
export const membersOf = (args: Arguments): readonly PublicKey[] => args.texts('members').map(parseKey)

/** The id of a group. @throws ArgumentError */
export function groupOf(args: Arguments): string {
  const chat = parseTarget(args.text('group'))
  if (chat.kind !== 'group') throw new ArgumentError('group: expected the id of a group')
  return chat.id
}
