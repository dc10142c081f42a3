import type { Account } from '@status-stack/account-rpc'
import { expect, test } from 'vitest'
import { watchDelivery } from '../../src/messages/delivery.ts'

const account = (state: string) =>
  ({
    on: () => () => undefined,
    ledger: async () => ({ legs: [{ recipient: '0x042', state, attempts: 1, envelopes: [], reason: 'policy' }] })
  }) as unknown as Account
const wait = (state: string, seconds: number, signal: AbortSignal) =>
  watchDelivery(account(state), '0x041').wait('0x0', 'acknowledged', seconds, signal)

test('what did not come so far ends with the code for that', async () => {
  const stop = new AbortController()
  await expect(wait('posted', 0.01, stop.signal)).rejects.toMatchObject({
    code: 'not-acknowledged',
    exit: 'unacknowledged',
    message: 'not received within 0.01 s; the message is kept and retried whenever this profile runs'
  })
  await expect(wait('given-up', 60, stop.signal)).rejects.toMatchObject({
    exit: 'unacknowledged',
    message: 'it was not received: given up: it would be less protected than asked for'
  })
  stop.abort()
  await expect(wait('posted', 60, stop.signal)).rejects.toMatchObject({ exit: 'interrupted' })
})
