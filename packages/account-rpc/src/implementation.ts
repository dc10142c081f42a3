import type { ChatRef, Client, PublicKey } from '@status-stack/status-client'
import { ArgumentError } from './errors.ts'
import type { ChatJson } from './facts.ts'
import type { Method } from './method.ts'
import type { Params, ReadParams } from './params.ts'
import { parsePerson, chatOf as refOf } from './targets.ts'

/** What a method runs with. */
export interface MethodContext {
  readonly client: Client
  /** Of the program, for `identity`. */
  readonly version: string
  /** Mailservers that the client asks for history, for `identity`. */
  readonly mailservers: number
  /** Aborts when the caller is gone. */
  readonly signal: AbortSignal
}

type ParamsOf<M> = M extends Method<infer P extends Params, unknown> ? ReadParams<P> : never
type ResultOf<M> = M extends Method<Params, infer Result> ? Result : never

/** One function for each row of a table, with the types of that row. */
export type Implementations<Table> = {
  readonly [Name in keyof Table]: (
    params: ParamsOf<Table[Name]>,
    context: MethodContext
  ) => Promise<ResultOf<Table[Name]>>
}

/** For methods that have nothing to say but that it is done. */
export const done = async (work: Promise<unknown>): Promise<Readonly<Record<string, never>>> => {
  await work
  return {}
}

/** The conversation that a parameter names. @throws AccountError */
export const chatOf = (params: { readonly chat: string | ChatJson }): ChatRef => refOf(params.chat)

/** The person that a text names. @throws AccountError */
export const personOf = (params: { readonly publicKey: string }): PublicKey => parsePerson(params.publicKey)

/** The id of a group. @throws AccountError, ArgumentError */
export function groupOf(params: { readonly group: string | ChatJson }): string {
  const chat = refOf(params.group)
  if (chat.kind !== 'group') throw new ArgumentError('group: expected the id of a group')
  return chat.id
}
