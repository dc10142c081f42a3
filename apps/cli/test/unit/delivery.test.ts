import { publicKeyOf } from '@status-stack/crypto'
import type { ClientEvents, DeliveryState, LedgerEntry, LedgerLeg } from '@status-stack/status-client'
import { expect, test } from 'vitest'
import type { SharedClient } from '../../src/daemon/remote.ts'
import { type WaitState, watchDelivery } from '../../src/messages/delivery.ts'

const key = (n: number): Uint8Array => publicKeyOf(new Uint8Array(32).fill(n))
const [self, bob, carol] = [key(1), key(2), key(3)]
const id = `0x${'ab'.repeat(32)}`
const chat = { kind: 'group', id: 'g' } as const

const leg = (recipient: Uint8Array | undefined, state: DeliveryState, rest: Partial<LedgerLeg> = {}): LedgerLeg => ({
  recipient,
  state,
  attempts: 1,
  envelopes: [],
  ...rest
})

/** A message whose ledger and facts the test makes. */
function message(...legs: readonly LedgerLeg[]) {
  const state: { legs: readonly LedgerLeg[] } = { legs }
  let tell = (_: ClientEvents['delivery']): void => {}
  const client = {
    publicKey: self,
    on: (_name: string, handler: typeof tell) => {
      tell = handler
      return () => {}
    },
    ledger: async (messageId: string): Promise<LedgerEntry> => ({
      messageId,
      chat,
      queuedMs: 0,
      complete: false,
      legs: state.legs
    })
  } as unknown as SharedClient
  const delivery = watchDelivery(client)
  return {
    fact: (recipient: Uint8Array, to: DeliveryState) => tell({ messageId: id, chat, state: to, recipient }),
    set: (...after: readonly LedgerLeg[]) => {
      state.legs = after
    },
    wait: (wanted: WaitState, seconds = 60, signal = new AbortController().signal) =>
      delivery.wait(id, wanted, seconds, signal)
  }
}

test('everybody has to get it, copies to own devices do not count', async () => {
  const { fact, wait } = message(leg(bob, 'queued'), leg(carol, 'queued'), leg(self, 'queued'))
  let over = false
  const waiting = wait('acknowledged').then(() => {
    over = true
  })
  fact(bob, 'acknowledged')
  await new Promise(resolve => setTimeout(resolve, 5))
  expect(over).toBe(false)
  fact(carol, 'acknowledged')
  await waiting
})

test('what was told before the wait began counts, and what the ledger knows already', async () => {
  const told = message(leg(bob, 'queued'))
  told.fact(bob, 'confirmed')
  await told.wait('posted')
  await message(leg(bob, 'acknowledged')).wait('acknowledged')
  // Its state went back to trying again, but its envelope was confirmed.
  const envelope = { hash: 'h', expiry: 1, sentTo: ['p'], confirmedBy: ['p'], archivedBy: [] }
  await message(leg(bob, 'retrying', { envelopes: [envelope] })).wait('confirmed')
  await message(leg(self, 'acknowledged')).wait('acknowledged')
})

test('when all that is left is given up, nobody waits for it', async () => {
  const { wait, set, fact } = message(leg(bob, 'queued'), leg(carol, 'acknowledged'))
  const waiting = wait('posted')
  set(leg(bob, 'given-up', { reason: 'policy' }), leg(carol, 'acknowledged'))
  fact(bob, 'given-up')
  await expect(waiting).rejects.toMatchObject({
    code: 'not-posted',
    exit: 'unacknowledged',
    message: expect.stringContaining('given up: policy')
  })
})

test('after the time, and after Ctrl-C, it ends with the code for that', async () => {
  const { wait } = message(leg(bob, 'posted'))
  await expect(wait('acknowledged', 0.01)).rejects.toMatchObject({ code: 'not-acknowledged', exit: 'unacknowledged' })
  const stop = new AbortController()
  const waiting = wait('acknowledged', 60, stop.signal)
  stop.abort()
  await expect(waiting).rejects.toMatchObject({ exit: 'interrupted' })
})
