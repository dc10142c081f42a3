import { bytesToHex, keccak256 } from '@status-stack/crypto'
import type { Accepted, DataLayer, Transaction, TransactionContent } from '@status-stack/interface'
import { type Core, isSelf } from '../composition/core.ts'
import { chatIdOf } from '../ids.ts'
import type { Command } from '../message-types.ts'
import type { CommandRecord, MessageRecord } from '../storage/records.ts'
import type { Unit } from '../storage/stores/store.ts'
import type { ChatRef, MessageId, PublicKey } from '../types.ts'

const kinds: readonly string[] = [
  'request-address',
  'accept-request-address',
  'decline-request-address',
  'request-transaction',
  'decline-request-transaction',
  'send-transaction'
] satisfies readonly TransactionContent['kind'][]

export function isTransaction(content: Accepted['content']): content is TransactionContent {
  return kinds.includes(content.kind)
}

/** The line for people, in place of content that older texts cannot show. */
export function commandText({ state, value, contract, address, transactionHash }: Command): string {
  const what = contract === '' ? value : `${value} of ${contract}`
  switch (state) {
    case 'address-requested':
      return `Where may I send ${what}?`
    case 'address-declined':
      return 'No address was given'
    case 'address-accepted':
      return `Send it to ${address}`
    case 'requested':
      return `Please send ${what} to ${address}`
    case 'declined':
      return 'The request was declined'
    case 'pending':
    case 'sent':
      return `Sent with transaction ${transactionHash}`
  }
}

/** `0x` and the last 20 bytes of the key's hash, as Ethereum names wallets. */
function walletOf(publicKey: Uint8Array): string {
  return `0x${bytesToHex(keccak256(publicKey.subarray(1)).subarray(12))}`
}

/** What is stored about the transaction that a message names. */
export interface KnownTransaction {
  readonly transaction: Transaction
  /** The message that shows it now. */
  readonly line: MessageRecord
}

/** A transaction as people see it after a message about it. */
export function commandOf(
  data: Pick<DataLayer, 'paymentSigner'>,
  transaction: Transaction,
  author: PublicKey,
  content: TransactionContent
): Command {
  const { id, state, author: startedBy, value, contract, address, transactionHash } = transaction
  const signer = content.kind === 'send-transaction' ? data.paymentSigner(author, content) : undefined
  const wallet = signer === undefined ? {} : { wallet: walletOf(signer) }
  return { id, state, startedBy, value, contract, address, transactionHash, ...wallet }
}

/** What is known about transactions: the message that shows one holds all of it. SPEC: 6/PAYLOADS, transaction commands. */
export function createPaymentRequests(core: Core) {
  const lineOf = async (unit: Unit, id: MessageId): Promise<MessageRecord | undefined> => {
    const named = await unit.get<CommandRecord>(core.keys.command(id))
    const first = named === undefined ? undefined : await unit.get<CommandRecord>(core.keys.command(named.first))
    return first?.line === undefined ? undefined : core.messages.record(first.line, unit)
  }

  const nameOf = (content: TransactionContent): MessageId => ('id' in content ? content.id : '')

  return {
    /** The chat of a message that names none: ours, from another device. */
    chatOf: async (unit: Unit, { content, fromSelf }: Accepted): Promise<ChatRef | undefined> =>
      fromSelf && isTransaction(content) ? (await lineOf(unit, nameOf(content)))?.chat : undefined,
    /** `chatId`: how the message names its chat, if it is the one that shows the transaction. */
    known: async (
      unit: Unit,
      content: TransactionContent,
      chatId: (chat: ChatRef) => string
    ): Promise<KnownTransaction | undefined> => {
      const line = await lineOf(unit, nameOf(content))
      if (line?.content.kind !== 'command') return undefined
      const { startedBy: author, wallet: _, ...command } = line.content.command
      return { transaction: { ...command, chatId: chatId(line.chat), author }, line }
    },
    /** Notes which message shows the transaction now. The line before goes, unread or not. */
    stage: (unit: Unit, line: MessageId, first: MessageId, before: MessageRecord | undefined): void => {
      unit.put(core.keys.command(line), { first } satisfies CommandRecord)
      unit.put(core.keys.command(first), { first, line } satisfies CommandRecord)
      if (before === undefined) return
      core.messages.hide(unit, before)
      unit.after(() =>
        core.announce('change', async () =>
          core.emit('change', { message: await core.messages.view(before), change: 'replaced' })
        )
      )
    }
  }
}

/** Our own commands name no chat on the wire: the one they were sent to. */
export function withOwnChat(local: Accepted, ref: ChatRef, self: Pick<Core, 'self'>): Accepted {
  if (!isTransaction(local.content) || ref.kind !== 'one-to-one' || isSelf(self, ref.publicKey)) return local
  return { ...local, chat: { kind: 'one-to-one', id: chatIdOf(ref), publicKey: ref.publicKey } }
}
