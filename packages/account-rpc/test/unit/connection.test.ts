import { describe, expect, test } from 'vitest'
import { AccountError, connectAccount } from '../../src/client.ts'
import { limits } from '../../src/methods.ts'

/** What a server says that is not one of ours. */
function hostile(...chunks: readonly (string | Uint8Array)[]) {
  const sent: string[] = []
  let closed = false
  const account = connectAccount({
    input: (async function* () {
      for (const chunk of chunks) yield typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk
    })(),
    send: line => void sent.push(line),
    close: () => {
      closed = true
    }
  })
  return { account, sent, closed: () => closed }
}

describe('events of a connection', () => {
  test('who listens while the clock is wrong is told so at once, first or later', async () => {
    const { account } = hostile(
      '{"method":"event","params":{"event":"skew","cause":"envelopes","direction":"behind","warning":true}}\n'
    )
    const told: string[] = []
    account.on('skew', () => void told.push('first'))
    await new Promise(resolve => account.ended.addEventListener('abort', resolve))
    account.on('skew', ({ direction }) => void told.push(direction))
    expect(told).toEqual(['first', 'behind'])
  })
})

describe('the end of a connection', () => {
  test('ends what waits, and what is asked afterwards', async () => {
    const account = connectAccount({
      // It never says anything.
      input: { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) },
      send: () => {},
      close: () => {}
    })
    const waiting = account.chats()
    account.close()
    await expect(waiting).rejects.toMatchObject({ code: 'disconnected' })
    await expect(account.chats()).rejects.toBeInstanceOf(AccountError)
    expect(account.ended.aborted).toBe(true)
  })

  test('an aborted signal ends the wait alone', async () => {
    const stop = new AbortController()
    const { account } = hostile()
    const waiting = account.chats({}, { signal: stop.signal })
    stop.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow(/enough|ended/)
    await expect(account.chats({}, { signal: stop.signal })).rejects.toThrow('enough')
  })

  test.each([
    ['no JSON', ['hello\n']],
    ['no UTF-8', [Uint8Array.of(0xff, 0x0a)]],
    ['a line beyond the limit', [new Uint8Array(limits.answerBytes + 1), '\n']],
    ['nothing', []]
  ])('%s from the server ends it', async (_, chunks) => {
    const { account, closed } = hostile(...chunks)
    await expect(account.chats()).rejects.toMatchObject({ code: 'disconnected' })
    expect(closed()).toBe(true)
  })

  test('answers that were not asked for are passed over', async () => {
    const { account } = hostile(
      '{"id":7,"result":1}\n',
      'null\n',
      '5\n',
      '{"method":"other","params":{}}\n',
      '{"id":1,"error":{"code":-32000,"message":"no","data":{"code":"blocked","hint":"ask"}}}\n'
    )
    await expect(account.chats()).rejects.toMatchObject({ code: 'blocked', message: 'no', hint: 'ask' })
  })
})
