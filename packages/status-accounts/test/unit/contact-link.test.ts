import { bytesToHex } from '@status-stack/crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  AccountsError,
  createIdentityKey,
  encodeKeyText,
  formatContactLink,
  formatQrPayload,
  isEnodeUrl,
  keyId,
  limits,
  parseContactLink
} from '../../src/index.ts'

const publicKey = createIdentityKey(new Uint8Array(32).fill(0x11)).publicKey
const nodeId = bytesToHex(createIdentityKey(new Uint8Array(32).fill(0x22)).publicKey.slice(1))
const enode = `enode://${nodeId}@198.51.100.7:30303`
const mailserver = `enode://${nodeId}:status-offline-inbox@node.example.org:443?discport=0`
const refusal = expect.objectContaining({ code: 'invalid-link', origin: 'peer' })
const mistake = expect.objectContaining({ code: 'invalid-link', origin: 'caller' })

describe('contact link', () => {
  test('a link carries key, enodes and mailserver there and back', () => {
    for (const link of [
      { publicKey },
      { publicKey, enodes: [enode] },
      { publicKey, mailserver },
      { publicKey, enodes: [enode, `enode://${nodeId}@[2001:db8::1]:30303`], mailserver }
    ]) {
      expect(parseContactLink(formatContactLink(link))).toEqual(link)
      expect(parseContactLink(formatQrPayload(link))).toEqual(link)
    }
  })

  test('the forms people see', () => {
    expect(formatContactLink({ publicKey })).toBe(`https://join.status.im/u/${encodeKeyText(publicKey)}`)
    expect(formatQrPayload({ publicKey })).toBe(encodeKeyText(publicKey))
    expect(formatQrPayload({ publicKey, mailserver })).toMatch(/^status-im:\/\/u\/zQ3sh\w+\?mailserver=enode%3A%2F%2F/)
  })

  test('a bare key in any form is a link', () => {
    for (const text of [
      keyId(publicKey),
      encodeKeyText(publicKey, 'b'),
      ` https://join.status.im/u/${keyId(publicKey)} `
    ]) {
      expect(parseContactLink(text)).toEqual({ publicKey })
    }
  })

  const web = formatContactLink({ publicKey })
  test.each([
    ['another host', web.replace('join.status.im', 'join.status.im.evil.example')],
    ['no key', 'https://join.status.im/u/'],
    ['a path after the key', `${web}/x`],
    ['an unknown parameter', `${web}?x=1`],
    ['a parameter without a value', `${web}?enode`],
    [
      'two mailservers',
      `${web}?mailserver=${encodeURIComponent(mailserver)}&mailserver=${encodeURIComponent(mailserver)}`
    ],
    ['broken percent encoding', `${web}?enode=%zz`],
    ['an enode that is none', `${web}?enode=enode%3A%2F%2Fabc%40host%3A1`],
    ['two queries', `${web}?enode=${encodeURIComponent(enode)}?x`],
    ['a query on a bare key', `${encodeKeyText(publicKey)}?enode=${encodeURIComponent(enode)}`],
    ['an empty text', '']
  ])('refuses %s', (_, text) => {
    expect(() => parseContactLink(text)).toThrow(refusal)
  })

  test('refuses more than limits.linkEnodes, both ways', () => {
    const enodes = new Array(limits.linkEnodes + 1).fill(enode)
    expect(() => formatContactLink({ publicKey, enodes })).toThrow(mistake)
    const text = `${web}?${enodes.map(url => `enode=${encodeURIComponent(url)}`).join('&')}`
    expect(() => parseContactLink(text)).toThrow(refusal)
    expect(parseContactLink(formatContactLink({ publicKey, enodes: enodes.slice(1) })).enodes).toHaveLength(
      limits.linkEnodes
    )
  })

  test('refuses more than limits.linkCharacters, both ways', () => {
    expect(() => parseContactLink(web + ' '.repeat(limits.linkCharacters))).toThrow(refusal)
    const longHost = `enode://${nodeId}@${'a'.repeat(253)}:1`
    const enodes = new Array(limits.linkEnodes).fill(longHost)
    expect(() => formatContactLink({ publicKey, enodes, mailserver: longHost })).toThrow(mistake)
  })

  test('a link of exactly limits.linkCharacters is the longest', () => {
    const withHost = (length: number) => `enode://${nodeId}@${'a'.repeat(length)}:1`
    const full = new Array(limits.linkEnodes).fill(withHost(253))
    const link = (length: number) => ({ publicKey, enodes: full, mailserver: withHost(length) })
    const room = limits.linkCharacters - formatContactLink(link(1)).length + 1
    const longest = formatContactLink(link(room))
    expect(longest).toHaveLength(limits.linkCharacters)
    expect(parseContactLink(longest)).toEqual(link(room))
    expect(() => formatContactLink(link(room + 1))).toThrow(mistake)
  })

  test('enode URLs: host, ports and a node id on the curve', () => {
    const highest = `${enode.replace('30303', '65535')}?discport=65535`
    expect([enode, mailserver, `enode://${nodeId}@[::1]:1`, highest].map(isEnodeUrl)).toEqual([true, true, true, true])
    for (const text of [
      enode.replace(':30303', ''),
      enode.replace('30303', '0'),
      enode.replace('30303', '65536'),
      `${enode}?discport=65536`,
      `${enode}?x=1`,
      `${enode} `,
      enode.replace(nodeId, nodeId.slice(2)),
      enode.replace(nodeId, 'ff'.repeat(64)),
      `enode://${nodeId}:a b@host:1`
    ]) {
      expect(isEnodeUrl(text), text).toBe(false)
    }
  })

  test('any text gives a link or our error', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom('', web, `${web}?`, `${web}?enode=`, 'status-im://u/'),
        (text, prefix) => {
          try {
            return parseContactLink(prefix + text).publicKey.length === 65
          } catch (error) {
            return AccountsError.is(error)
          }
        }
      )
    )
  })

  const keyHex = keyId(publicKey)
  test.each([
    `https://get.status.im/user/${keyHex}`,
    `http://get.status.im/user/${keyHex}/`,
    `https://join.status.im/user/${keyHex}`,
    `HTTPS://Join.Status.im/u/${keyHex}`,
    `status-im://user/${keyHex}`,
    `status-im://u/${encodeKeyText(publicKey)}`,
    `  status-im://user/${encodeKeyText(publicKey, 'f')}\n`
  ])('I-1 a link of the 2019 app to a person is understood: %s', text => {
    expect(parseContactLink(text)).toEqual({ publicKey })
  })

  test.each([
    ['public', 'https://get.status.im/chat/public/status'],
    ['public', 'status-im://chat/public/status'],
    ['public', 'https://join.status.im/status'],
    ['public', 'status-im://p/status'],
    ['group', 'https://join.status.im/g/args?a=0x04&a1=name'],
    ['browser', 'https://get.status.im/browse/www.cryptokitties.co'],
    ['browser', 'https://join.status.im/b/https://example.org'],
    ['payment', 'status-im://wallet/0x01'],
    ['ens-name', 'https://join.status.im/u/alice.stateofus.eth'],
    ['ens-name', 'https://get.status.im/user/alice.eth/'],
    ['unknown', 'https://join.status.im/'],
    ['unknown', 'https://join.status.im/a/b/c']
  ])('I-1 a link to something else is refused by name: %s, %s', (kind, text) => {
    expect(() => parseContactLink(text)).toThrow(
      expect.objectContaining({ code: 'unsupported-link', origin: 'peer', details: { kind } })
    )
  })

  test.each([
    `https://join.status.im.evil.example/u/${keyHex}`,
    `https://evil.example/user/${keyHex}`,
    `status-im:user/${keyHex}`,
    `https://get.status.im/user/${keyHex}/x`,
    'https://get.status.im/user/'
  ])('I-1 what only looks like one is refused: %s', text => {
    expect(() => parseContactLink(text)).toThrow(refusal)
  })

  test('I-2 host names may have underscores, here and in links', () => {
    const host = `enode://${nodeId}@mail_server.internal:30303`
    expect(isEnodeUrl(host)).toBe(true)
    expect(parseContactLink(formatContactLink({ publicKey, mailserver: host }))).toEqual({
      publicKey,
      mailserver: host
    })
  })

  test('a wrong own key is the mistake of the caller', () => {
    for (const wrong of [publicKey.slice(1), new Uint8Array(65)]) {
      for (const work of [() => formatContactLink({ publicKey: wrong }), () => formatQrPayload({ publicKey: wrong })]) {
        expect(work).toThrow(expect.objectContaining({ code: 'invalid-public-key', origin: 'caller' }))
      }
    }
  })
})
