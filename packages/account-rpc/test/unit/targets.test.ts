import { publicKeyOf } from '@status-stack/crypto'
import { encodeKeyText } from '@status-stack/status-accounts'
import { describe, expect, test } from 'vitest'
import { parsePerson, parseTarget } from '../../src/targets.ts'

const publicKey = publicKeyOf(new Uint8Array(32).fill(5))
const text = encodeKeyText(publicKey)

describe('links', () => {
  test.each([`https://join.status.im/u/${text}`, `status-im://u/${text}`, `HTTPS://join.status.im/u/${text}`])(
    '%s names a person',
    link => {
      expect(parsePerson(link)).toEqual(publicKey)
      expect(parseTarget(link)).toEqual({ kind: 'one-to-one', publicKey })
    }
  )

  test.each([
    ['public chat', 'https://join.status.im/chat/status', 'a public chat', '#name'],
    ['group', 'status-im://g/args?a=b', 'a group chat', 'invite'],
    ['browser', 'https://get.status.im/b/example.org', 'a web page', 'browser'],
    ['payment', 'status-im://wallet/0x00', 'a payment', 'none'],
    ['ens-name', 'https://join.status.im/u/grace.stateofus.eth', 'an ENS name', 'zQ3sh'],
    ['unknown', 'https://join.status.im/what/else', 'something that is not known', 'zQ3sh']
  ])('to a %s are refused by name: %s', (_kind, link, what, hint) => {
    expect(() => parseTarget(link)).toThrow(
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
