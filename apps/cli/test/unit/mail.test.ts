import { parseMoment } from '@status-stack/account-rpc/methods'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CliError } from '../../src/errors.ts'
import { parseMailserver, parseMailservers } from '../../src/mail/address.ts'
import { hidePassword } from '../../src/mail/enode-password.ts'

/** The generator of the curve, and its negative: two valid keys. */
const x = '79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798'
const id = `${x}483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8`
const otherId = `${x}b7c52588d95c3b9aa25b0403f1eef75702e84bb7597aabe663b82f6f04ef2777`

describe('the address of a mailserver', () => {
  test('may carry a password, which is not part of the enode', () => {
    const enode = `enode://${id}@127.0.0.1:30303`
    const plain = parseMailserver(enode)
    expect(plain).toEqual({ enode, peerId: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(parseMailserver(`enode://${id}:status-offline-inbox@127.0.0.1:30303`)).toEqual({
      ...plain,
      password: 'status-offline-inbox'
    })
    expect(parseMailserver(`enode://${id}:a%40b@127.0.0.1:30303`).password).toBe('a@b')
    expect(parseMailserver(`enode://${id}:@127.0.0.1:30303`)).toEqual(plain)
  })

  test('given twice is one server, in the first place, with the password given first', () => {
    const first = `enode://${id}@127.0.0.1:1`
    const other = `enode://${otherId}@127.0.0.1:2`
    const servers = parseMailservers([first, other, `enode://${id}:one@127.0.0.1:1`, `enode://${id}:two@127.0.0.1:1`])
    expect(servers.map(({ enode, password }) => [enode, password])).toEqual([
      [first, 'one'],
      [other, undefined]
    ])
  })

  test('never shows its password, whatever is wrong with the rest', () => {
    const secret = fc.stringMatching(/^[A-Z0-9._~-]{12,40}$/)
    const host = fc.oneof(fc.constant('127.0.0.1:30303'), fc.string())
    fc.assert(
      fc.property(
        fc.oneof(fc.constant(id), fc.stringMatching(/^[0-9a-z]{0,140}$/)),
        secret,
        host,
        (key, password, rest) => {
          fc.pre(!rest.includes(password) && !key.includes(password))
          const url = `enode://${key}:${password}@${rest}`
          expect(hidePassword(url)).not.toContain(password)
          try {
            expect(parseMailserver(url).enode).not.toContain(password)
          } catch (error) {
            expect(error).toBeInstanceOf(CliError)
            expect(`${(error as CliError).message} ${(error as CliError).hint}`).not.toContain(password)
          }
        }
      )
    )
  })
})

describe('a moment', () => {
  const now = Date.UTC(2026, 10, 22, 12)
  test.each([
    ['90s', 90],
    ['15m', 900],
    ['24h', 86_400],
    ['7d', 604_800],
    ['2w', 1_209_600]
  ])('%s is so long ago', (text, seconds) => {
    expect(parseMoment(text, now)).toBe(now / 1000 - seconds)
  })

  test('may be a date', () => {
    expect(parseMoment('2026-11-20', now)).toBe(Date.UTC(2026, 10, 20) / 1000)
    expect(parseMoment('2026-11-20T08:00Z', now)).toBe(Date.UTC(2026, 10, 20, 8) / 1000)
    expect(parseMoment('2026-11-20T08:00:30+02:00', now)).toBe(Date.UTC(2026, 10, 20, 6, 0, 30) / 1000)
  })

  test.each(['', '24', 'h', '-1h', '1.5h', '1y', 'yesterday', '2026-02-30T', '2026-13-01', '2027-01-01', '999999999w'])(
    '%j is none',
    text => expect(parseMoment(text, now)).toBeUndefined()
  )
})
