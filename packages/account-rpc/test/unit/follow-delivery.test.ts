import type { DeliveryState } from '@status-stack/status-client'
import { expect, test } from 'vitest'
import { type Account, followDelivery, type WaitState } from '../../src/index.ts'
import type { DeliveryFact, LedgerFact } from '../../src/methods.ts'

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
  const delivery = followDelivery(account, self)
  return {
    fact: (recipient: string, to: DeliveryState) =>
      tell({ event: 'delivery', messageId: id, chat, state: to, recipient }),
    set: (...after: readonly Leg[]) => {
      state.legs = after
    },
    wait: (wanted: WaitState, seconds = 60, signal = new AbortController().signal) =>
      delivery.until(id, wanted, { timeoutMs: seconds * 1000, signal })
  }
}

test('everybody has to get it, copies to own devices do not count', async () => {
  const { fact, wait } = message(leg(bob, 'queued'), leg(carol, 'queued'), leg(self, 'queued'))
  let over = false
  const waiting = wait('acknowledged').then(outcome => {
    over = true
    return outcome
  })
  fact(bob, 'acknowledged')
  await new Promise(resolve => setTimeout(resolve, 5))
  expect(over).toBe(false)
  fact(carol, 'acknowledged')
  expect(await waiting).toEqual({ kind: 'reached' })
})

test('what was told before the wait began counts, and what the ledger knows already', async () => {
  const told = message(leg(bob, 'queued'))
  told.fact(bob, 'confirmed')
  expect(await told.wait('posted')).toEqual({ kind: 'reached' })
  expect(await message(leg(bob, 'acknowledged')).wait('acknowledged')).toEqual({ kind: 'reached' })
  // Its state went back to trying again, but its envelope was confirmed.
  const envelope = { hash: 'h', expiry: 1, sentTo: ['p'], confirmedBy: ['p'], archivedBy: [] }
  expect(await message(leg(bob, 'retrying', { envelopes: [envelope] })).wait('confirmed')).toEqual({ kind: 'reached' })
  expect(await message(leg(self, 'acknowledged')).wait('acknowledged')).toEqual({ kind: 'reached' })
})

test('when all that is left is given up, nobody waits for it', async () => {
  const { wait, set, fact } = message(leg(bob, 'queued'), leg(carol, 'acknowledged'))
  const waiting = wait('posted')
  set(leg(bob, 'given-up', { reason: 'policy' }), leg(carol, 'acknowledged'))
  fact(bob, 'given-up')
  expect(await waiting).toEqual({
    kind: 'given-up',
    why: expect.stringContaining('given up: it would be less protected than asked for')
  })
})

test('after the time, and when it is aborted, it ends and says so', async () => {
  const { wait } = message(leg(bob, 'posted'))
  expect(await wait('acknowledged', 0.01)).toEqual({ kind: 'late' })
  const stop = new AbortController()
  const waiting = wait('acknowledged', 60, stop.signal)
  stop.abort()
  expect(await waiting).toEqual({ kind: 'aborted' })
})

test('a time that no timer can hold is long, and not over at once', async () => {
  const { wait } = message(leg(bob, 'queued'))
  const end = new AbortController()
  const waiting = wait('posted', 10 ** 9, end.signal)
  await new Promise(resolve => setTimeout(resolve, 20))
  end.abort()
  expect(await waiting).toEqual({ kind: 'aborted' })
})
