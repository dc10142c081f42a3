import { bytesToHex, keccak256 } from '@status-stack/crypto'
import type { Accepted, TransactionContent } from '@status-stack/interface'
import { paymentDigest } from '@status-stack/status-data/rules'
import { expect, test } from 'vitest'
import type { Command } from '../../src/message-types.ts'
import { commandText, withOwnChat } from '../../src/receiving/payment-requests.ts'
import type { ChatRef } from '../../src/types.ts'
import { accepted, inside } from '../support/core.ts'
import { identityOf } from '../support/world.ts'

const alice = identityOf('alice').publicKey
const bob = identityOf('bob').publicKey
const withAlice: ChatRef = { kind: 'one-to-one', publicKey: alice }
const chat = { kind: 'one-to-one', id: `0x${bytesToHex(alice)}`, publicKey: alice } as const
const address = `0x${'ab'.repeat(20)}`
const transactionHash = `0x${'cd'.repeat(32)}`
const idOf = ({ messageId }: Accepted): string => `0x${bytesToHex(messageId)}`

const says = (content: TransactionContent): Accepted => accepted(alice, content, chat)
/** What we said on another device: it names no chat. */
const weSaid = (content: TransactionContent): Accepted => ({ ...accepted(bob, content, undefined), fromSelf: true })

/** Bob's client, whose lines in the chat with Alice are their text, id and what they replace. */
async function bobs() {
  const { core, take, heard } = await inside()
  const lines = async () => {
    await core.background.idle()
    return (await core.messages.page(withAlice, undefined, 10)).map(({ text, messageId, replaces, content }) => ({
      text,
      messageId,
      replaces,
      command: content.kind === 'command' ? content.command : undefined
    }))
  }
  return { core, take, heard, lines }
}

test('each step of a transaction takes the place of the line before, whichever of its messages it names', async () => {
  const { take, heard, lines } = await bobs()
  const asked = says({ kind: 'request-address', value: '1', contract: '' })
  const given = weSaid({ kind: 'accept-request-address', id: idOf(asked), address })
  expect([await take(asked), await take(given)]).toEqual(['applied', 'applied'])
  expect(await lines()).toMatchObject([
    { text: `Send it to ${address}`, messageId: idOf(given), replaces: idOf(asked), command: { address, value: '1' } }
  ])
  expect(heard.change.map(({ change, message }) => [change, message.messageId])).toEqual([['replaced', idOf(asked)]])
  const wallet = identityOf('wallet')
  const signature = wallet.sign(paymentDigest(alice, transactionHash))
  signature[64] = (signature[64] ?? 0) + 27
  const paid = says({ kind: 'send-transaction', id: idOf(given), transactionHash, signature })
  expect(await take(paid)).toBe('applied')
  expect(await lines()).toMatchObject([
    {
      text: `Sent with transaction ${transactionHash}`,
      messageId: idOf(paid),
      replaces: idOf(given),
      command: {
        id: idOf(asked),
        startedBy: alice,
        transactionHash,
        wallet: `0x${bytesToHex(keccak256(wallet.publicKey.slice(1)).slice(-20))}`
      }
    }
  ])
})

test('a first step replaces nothing, and a signature that is none names no wallet', async () => {
  const { take, heard, lines } = await bobs()
  const paid = says({ kind: 'send-transaction', id: '', transactionHash, signature: new Uint8Array(65) })
  expect(await take(paid)).toBe('applied')
  const [line] = await lines()
  expect([line?.replaces, line?.command?.wallet, heard.change]).toEqual([undefined, undefined, []])
})

test('what we said on another device about a transaction that is not here says nothing, and is kept by no one', async () => {
  const { core, take, lines } = await bobs()
  const unknown = weSaid({ kind: 'decline-request-address', id: `0x${'1'.repeat(64)}` })
  expect(await take(unknown)).toBe('duplicate')
  expect([await lines(), core.chatCache.chats()]).toEqual([[], []])
  // Of somebody else, a message that names no chat is none of the chat it could be looked up in.
  const asked = says({ kind: 'request-address', value: '1', contract: '' })
  await take(asked)
  const foreign: Accepted = { ...weSaid({ kind: 'decline-request-address', id: idOf(asked) }), fromSelf: false }
  expect(await take(foreign)).toBe('duplicate')
})

test('a transaction that is shown in another chat is none of the chat whose message names it', async () => {
  const { take } = await bobs()
  const mallory = identityOf('mallory').publicKey
  const asked = says({ kind: 'request-address', value: '1', contract: '' })
  await take(asked)
  const content = { kind: 'decline-request-address', id: idOf(asked) } as const
  const elsewhere = accepted(mallory, content, { ...chat, id: `0x${bytesToHex(mallory)}`, publicKey: mallory })
  expect(await take(elsewhere)).not.toBe('applied')
})

test('a message that names a line of another kind as its transaction names none', async () => {
  const { take } = await bobs()
  const text = accepted(alice, { kind: 'text', text: 'hello' }, chat)
  await take(text)
  expect(await take(weSaid({ kind: 'decline-request-address', id: idOf(text) }))).toBe('duplicate')
})

test('each state has its words; an amount names its token, ether has none', () => {
  const command: Command = {
    id: '0x1',
    state: 'address-requested',
    startedBy: alice,
    value: '5',
    contract: '',
    address: 'A',
    transactionHash: 'T'
  }
  const words = (state: Command['state'], contract = '') => commandText({ ...command, state, contract })
  expect([
    words('address-requested'),
    words('address-requested', 'C'),
    words('address-declined'),
    words('address-accepted'),
    words('requested', 'C'),
    words('declined'),
    words('pending'),
    words('sent')
  ]).toEqual([
    'Where may I send 5?',
    'Where may I send 5 of C?',
    'No address was given',
    'Send it to A',
    'Please send 5 of C to A',
    'The request was declined',
    'Sent with transaction T',
    'Sent with transaction T'
  ])
})

test('our own step is kept in the chat that it was sent to, unless that is with ourselves or with many', () => {
  const step = weSaid({ kind: 'decline-request-address', id: '0x1' })
  const self = { self: bob }
  expect(withOwnChat(step, withAlice, self)).toStrictEqual({ ...step, chat })
  expect(withOwnChat(step, { kind: 'one-to-one', publicKey: bob }, self)).toBe(step)
  expect(withOwnChat(step, { kind: 'public', name: 'room' }, self)).toBe(step)
  const text: Accepted = { ...accepted(bob, { kind: 'text', text: 'hello' }, undefined), fromSelf: true }
  expect(withOwnChat(text, withAlice, self)).toBe(text)
})
