import { publicKeyOf } from '@status-stack/crypto'
import * as accounts from '@status-stack/status-accounts'
import { AccountsError, encodeKeyText } from '@status-stack/status-accounts'
import { describe, expect, test, vi } from 'vitest'
import { parsePerson, parseTarget } from '../../src/targets.ts'

const publicKey = publicKeyOf(new Uint8Array(32).fill(5))
const text = encodeKeyText(publicKey)

vi.mock(import('@status-stack/status-accounts'), { spy: true })

describe('links', () => {
  test.each([`https://join.status.im/u/${text}`, `status-im://u/${text}`, `HTTPS://join.status.im/u/${text}`])(
    '%s names a person',
    link => {
      expect(parsePerson(link)).toEqual(publicKey)
      expect(parseTarget(link)).toEqual({ kind: 'one-to-one', publicKey })
    }
  )

  test.each([
    ['public', 'a public chat', '#name'],
    ['group', 'a group chat', 'invite'],
    ['browser', 'a web page', 'browser'],
    ['payment', 'a payment', 'none'],
    ['ens-name', 'an ENS name', 'zQ3sh'],
    ['unknown', 'something that is not known', 'zQ3sh']
  ])('of kind %s is refused by name', (kind, what, hint) => {
    vi.mocked(accounts.parseContactLink).mockImplementationOnce(() => {
      throw new AccountsError('invalid-link', 'a link', { origin: 'peer', details: { kind } })
    })
    expect(() => parseTarget('https://join.status.im/x')).toThrow(
      expect.objectContaining({
        code: 'unsupported-link',
        message: expect.stringContaining(what),
        hint: expect.stringContaining(hint)
      })
    )
  })

  test('that are none are refused, and not shown', () => {
    for (const link of ['https://elsewhere.example/u/x', 'http://\u001b[31m', 'status-im://'])
      expect(() => parseTarget(link)).toThrow(/^this (is not a contact link|link leads to)/)
  })
})
