import { bytesToHex, hexToBytes, keccak256 } from '@status-stack/crypto'
import { paymentDigest } from '@status-stack/status-data/rules'
import { MemoryLevel } from 'memory-level'
import { expect, test } from 'vitest'
import { importAccount, type Message, type OutgoingCommand } from '../../src/index.ts'
import { chatWith, connect, during, identityOf, type Person, person, storageKey, until } from '../support/world.ts'

async function two(run: (alice: Person, bob: Person) => Promise<void>): Promise<void> {
  const alice = await person('alice')
  const bob = await person('bob')
  await during([alice, bob], async () => {
    connect(alice, bob)
    await run(alice, bob)
  })
}

/** Sends a command and waits until the other side shows it; answers its id. */
async function command(from: Person, to: Person, content: OutgoingCommand): Promise<string> {
  const { messageId } = await from.client.sendCommand(chatWith(to), content)
  await until(`${content.kind} arrived`, async () => (await to.client.message(messageId)) !== undefined)
  return messageId
}

const shown = async (who: Person, other: Person): Promise<readonly Message[]> => who.client.messages(chatWith(other))
const commandOf = ({ content }: Message) => (content.kind === 'command' ? content.command : undefined)

const address = `0x${'ab'.repeat(20)}`
const transactionHash = `0x${'cd'.repeat(32)}`

/** What a wallet makes of a payment by a person. */
function walletSignature(payer: Person): { readonly signature: Uint8Array; readonly wallet: string } {
  const { publicKey, sign } = identityOf('wallet')
  const signature = sign(paymentDigest(payer.client.publicKey, transactionHash))
  signature[64] = (signature[64] ?? 0) + 27
  return { signature, wallet: `0x${bytesToHex(keccak256(publicKey.slice(1)).slice(-20))}` }
}

test('asking for an address, giving one and paying is one line, which each step replaces', () =>
  two(async (alice, bob) => {
    const id = await command(alice, bob, { kind: 'request-address', value: '1.5', contract: '' })
    const expected = { id, startedBy: alice.client.publicKey, value: '1.5', contract: '' }
    for (const [who, other] of [
      [alice, bob],
      [bob, alice]
    ] as const) {
      const lines = await shown(who, other)
      expect(lines.map(commandOf)).toEqual([
        { ...expected, state: 'address-requested', address: '', transactionHash: '' }
      ])
      expect(lines[0]).toMatchObject({ text: 'Where may I send 1.5?', outgoing: who === alice })
    }
    const given = await command(bob, alice, { kind: 'accept-request-address', id, address })
    expect((await shown(alice, bob)).map(line => [line.messageId, line.replaces])).toEqual([[given, id]])
    const { signature, wallet } = walletSignature(alice)
    const paid = await command(alice, bob, { kind: 'send-transaction', id, transactionHash, signature })
    for (const [who, other] of [
      [alice, bob],
      [bob, alice]
    ] as const) {
      const lines = await shown(who, other)
      expect(lines.map(commandOf)).toEqual([{ ...expected, state: 'pending', address, transactionHash, wallet }])
      expect(lines[0]).toMatchObject({ messageId: paid, replaces: given })
      await who.client.idle()
      expect(who.events.change.map(({ change, message }) => [change, message.messageId])).toEqual([
        ['replaced', id],
        ['replaced', given]
      ])
      expect(who.events.message.map(message => message.messageId)).toEqual([id, given, paid])
    }
    // Asked for by alice: two of the three lines were hers, bob's count is of what is there.
    expect((await bob.client.chats())[0]).toMatchObject({ unread: 1 })
    expect((await alice.client.chats())[0]).toMatchObject({ unread: 0 })
  }))

test('requests are declined or paid by the other side only, and once', () =>
  two(async (alice, bob) => {
    const refuses = (who: Person, other: Person, content: OutgoingCommand, reason: string) =>
      expect(who.client.sendCommand(chatWith(other), content)).rejects.toMatchObject({
        code: 'invalid-argument',
        details: { reason }
      })
    const first = await command(alice, bob, { kind: 'request-address', value: '1', contract: '' })
    await refuses(alice, bob, { kind: 'accept-request-address', id: first, address }, 'transaction-not-ours')
    await command(bob, alice, { kind: 'decline-request-address', id: first })
    await refuses(bob, alice, { kind: 'accept-request-address', id: first, address }, 'transaction-wrong-state')
    const second = await command(bob, alice, { kind: 'request-transaction', value: '7', contract: address, address })
    expect((await shown(alice, bob))[0]).toMatchObject({ text: `Please send 7 of ${address} to ${address}` })
    await command(alice, bob, { kind: 'decline-request-transaction', id: second })
    const { signature } = walletSignature(alice)
    await refuses(
      alice,
      bob,
      { kind: 'send-transaction', id: second, transactionHash, signature },
      'transaction-wrong-state'
    )
    await refuses(alice, bob, { kind: 'decline-request-transaction', id: `0x${'0'.repeat(64)}` }, 'transaction-unknown')
    await refuses(alice, bob, { kind: 'request-address', value: 'much', contract: '' }, 'value-not-a-number')
    for (const [who, other] of [
      [alice, bob],
      [bob, alice]
    ] as const) {
      expect((await shown(who, other)).map(line => commandOf(line)?.state)).toEqual(['declined', 'address-declined'])
    }
  }))

test('a payment that nobody asked for stands for itself; a signature that is none names no wallet', () =>
  two(async (alice, bob) => {
    const signature = hexToBytes('00'.repeat(65))
    const id = await command(alice, bob, { kind: 'send-transaction', id: '', transactionHash, signature })
    expect((await shown(bob, alice)).map(commandOf)).toEqual([
      { id, state: 'pending', startedBy: alice.client.publicKey, value: '', contract: '', address: '', transactionHash }
    ])
    await expect(
      alice.client.sendCommand(
        { kind: 'public', name: 'status' },
        { kind: 'request-address', value: '1', contract: '' }
      )
    ).rejects.toMatchObject({ code: 'invalid-argument' })
  }))

test('a restored backup goes on with an open request, named by either of its lines', () =>
  two(async (alice, bob) => {
    const id = await command(alice, bob, { kind: 'request-address', value: '7', contract: '' })
    const given = await command(bob, alice, { kind: 'accept-request-address', id, address })
    await alice.client.pin(given)
    const backup = await alice.client.exportAccount('password')
    const { signature } = walletSignature(alice)
    for (const named of [id, given]) {
      const database = new MemoryLevel()
      await importAccount({ identity: identityOf('alice'), database, storageKey }, backup, 'password')
      const restored = await person('alice', { database })
      await during([restored], async () => {
        expect(await restored.client.pinned(chatWith(bob))).toHaveLength(1)
        const content = { kind: 'send-transaction', id: named, transactionHash, signature } as const
        await restored.client.sendCommand(chatWith(bob), content)
        expect((await shown(restored, bob)).map(line => commandOf(line)?.state)).toEqual(['pending'])
      })
    }
  }))
