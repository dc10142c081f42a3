import type { Account } from '@status-stack/account-rpc'
import type { DeliveryFact, LedgerFact } from '@status-stack/account-rpc/methods'
import type { DeliveryState } from '@status-stack/status-client'
import { expect, test } from 'vitest'
import { type WaitState, watchDelivery } from '../../src/messages/delivery.ts'

type Leg = LedgerFact['legs'][number]

const [self, bob, carol] = ['0x041', '0x042', '0x043'] as const
const id = `0x${'ab'.repeat(32)}`
const chat = { kind: 'group', id: 'g' } as const

const leg = (recipient: string, state: DeliveryState, rest: Partial<Leg> = {}): Leg => ({
  recipient,
  state,
  attempts: 1,
  envelopes: [],
  ...rest
})

/** A message whose ledger and facts the test makes. */
function message(...legs: readonly Leg[]) {
  const state: { legs: readonly Leg[] } = { legs }
  let tell = (_: DeliveryFact): void => {}
  const account = {
    on: (_name: string, handler: typeof tell) => {
      tell = handler
      return () => {}
    },
    ledger: async ({ messageId }: { readonly messageId: string }): Promise<LedgerFact> => ({
      event: 'ledger',
      mark: { sign: '', words: '' },
      messageId,
      chat,
      queuedMs: 0,
      complete: false,
      legs: state.legs
    })
  } as unknown as Account
  const delivery = watchDelivery(account, self)
  return {
    fact: (recipient: string, to: DeliveryState) =>
      tell({ event: 'delivery', messageId: id, chat, state: to, recipient }),
    set: (...after: readonly Leg[]) => {
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
    message: expect.stringContaining('given up: it would be less protected than asked for')
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
