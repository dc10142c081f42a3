import { generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { encodeKeyText } from '@status-stack/status-accounts'
import { describe, expect, test } from 'vitest'
import { contentSecurityPolicy, securityHeaders } from '../../src/headers.ts'
import { codeIn } from '../../src/platform/camera.ts'
import { askForLastingStorage } from '../../src/platform/lasting-storage.ts'
import { pictureSize } from '../../src/platform/picture-size.ts'
import { installTrustedTypes } from '../../src/platform/trusted-types.ts'
import { openSettings, sealSettings } from '../../src/session/settings.ts'
import { createWork } from '../../src/session/work.ts'
import { createHistory } from '../../src/state/history.ts'
import { codePath, inviteOf, personIn } from '../../src/state/invite.ts'
import { sentenceOf } from '../../src/state/problem.ts'
import { assertPasswords, assertWords, beginSignup } from '../../src/state/signup.ts'
import { textParts } from '../../src/state/text-parts.ts'
import { longTime, shortTime } from '../../src/state/times.ts'
import { holdPlace } from '../../src/views/hold-place.ts'

const publicKey = publicKeyOf(generatePrivateKey())

test('a history that no mailserver gave is told of whoever asked for it, until one gives it', () => {
  let tell = (_: { state: 'started' | 'page' | 'done' | 'failed'; deliveries: number }): void => undefined
  const on = (_: string, listener: typeof tell) => {
    tell = listener
    return () => undefined
  }
  const history = createHistory(
    { on, fetchHistory: async () => undefined } as unknown as Parameters<typeof createHistory>[0],
    []
  )
  for (const [state, problem] of [
    ['started', undefined],
    ['failed', 'No mailserver answered. What is missing is asked for again later.'],
    ['started', undefined],
    ['done', undefined]
  ] as const) {
    tell({ state, deliveries: 0 })
    expect(history.task.problem.value).toBe(problem)
  }
})

describe('texts of others', () => {
  test('become text, https links and mentions, and nothing else', () => {
    const href = 'https://example.org/a?b=c'
    expect(textParts(`see ${href}. bye`)).toEqual([
      { kind: 'text', text: 'see ' },
      { kind: 'link', text: href, href },
      { kind: 'text', text: '. bye' }
    ])
    for (const text of [
      'http://example.org',
      'javascript:alert(1)',
      'data:text/html,x',
      'https://bank@evil.example/',
      '<b>'
    ])
      expect(textParts(text)).toEqual([{ kind: 'text', text }])
    expect(textParts('')).toEqual([])
  })

  test('a link shows the host that a browser goes to', () => {
    const [link] = textParts('https://аpple.example/')
    expect(link).toMatchObject({ kind: 'link', text: 'https://xn--pple-43d.example/' })
  })

  test('nothing reorders or hides', () => {
    expect(textParts('a\u202eb\u200b\u0007\nc')).toEqual([{ kind: 'text', text: 'a·b··\nc' }])
  })

  test('a mention is a short key; what is no key stays as it was written', () => {
    const hex = [...publicKey].map(byte => byte.toString(16).padStart(2, '0')).join('')
    expect(textParts(`@0x${hex}!`)[0]).toMatchObject({ kind: 'mention', text: expect.stringMatching(/^@zQ3sh…?/) })
    const wrong = `@0x04${'0'.repeat(128)}`
    expect(textParts(wrong)).toEqual([{ kind: 'text', text: wrong }])
  })
})

describe('the time of a message', () => {
  test('is the one that its author chose, and nothing that ends the drawing of a page', () => {
    expect(shortTime(0)).toMatch(/\d{2}/)
    expect(longTime(0)).toMatch(/19(69|70)/)
    for (const ms of [8.64e15 + 1, Number.MAX_SAFE_INTEGER])
      expect([shortTime(ms), longTime(ms)]).toEqual(['unknown time', 'unknown time'])
  })
})

describe('an invite', () => {
  test('is a link that names the key, and a code that a camera reads', () => {
    const { link, code } = inviteOf(publicKey)
    expect(personIn(link)).toEqual(publicKey)
    const scale = 4
    const size = code.length * scale
    const data = new Uint8ClampedArray(size * size * 4).fill(255)
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const dark = code[Math.floor(y / scale)]?.[Math.floor(x / scale)] === true
        if (dark) data.fill(0, 4 * (y * size + x), 4 * (y * size + x) + 3)
      }
    }
    expect(codeIn({ width: size, height: size, data })).toBe(encodeKeyText(publicKey))
    expect(codePath(code).match(/M/g)).toHaveLength(code.flat().filter(dark => dark).length)
  })
})

describe('a new identity', () => {
  test('has twelve words, three of which are asked for', () => {
    const signup = beginSignup()
    expect(signup.words).toHaveLength(12)
    expect(new Set(signup.asked).size).toBe(3)
    const typed = signup.asked.map(place => ` ${signup.words[place]?.toUpperCase()} `)
    expect(() => assertWords(signup, typed)).not.toThrow()
    expect(() => assertWords(signup, [...typed.slice(1), 'zebra'])).toThrowError(/words/)
    expect(() => assertWords(signup, [])).toThrowError(/words/)
  })

  test('wants a password twice, and not a short one', () => {
    expect(() => assertPasswords('long enough', 'long enough')).not.toThrow()
    expect(() => assertPasswords('short', 'short')).toThrowError(/8 characters/)
    expect(() => assertPasswords('long enough', 'long enouth')).toThrowError(/not the same/)
  })
})

describe('settings', () => {
  const key = new Uint8Array(32).fill(7)
  const settings = { nodes: [], mailservers: [], own: false }

  test('are stored encrypted, and open with the storage key alone', () => {
    const sealed = sealSettings(settings, key)
    expect(openSettings(sealed, key)).toEqual(settings)
    expect(() => openSettings(sealed, new Uint8Array(32))).toThrowError(/cannot be read/)
    for (const damaged of ['', 'zz', sealed.slice(2)]) expect(() => openSettings(damaged, key)).toThrowError(/read/)
  })
})

describe('the size of a picture', () => {
  test('is read from its header', () => {
    const gif = Uint8Array.from([...Buffer.from('GIF89a'), 0x2c, 1, 0x90, 1])
    expect(pictureSize(gif)).toEqual({ width: 300, height: 400 })
    const jpeg = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc0, 0, 11, 8, 1, 0x90, 1, 0x2c, 3, 0, 0])
    expect(pictureSize(jpeg)).toEqual({ width: 300, height: 400 })
    const webp = new Uint8Array(30)
    webp.set(Buffer.from('RIFF'))
    webp.set(Buffer.from('WEBPVP8X'), 8)
    webp.set([0x2b, 1, 0, 0x8f, 1, 0], 24)
    expect(pictureSize(webp)).toEqual({ width: 300, height: 400 })
    expect(pictureSize(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0))).toBeUndefined()
  })
})

test('what is read stays in its place when older messages come above it, and nothing moves when it has left', () => {
  const box = { scrollTop: 0 }
  let top = 40
  const anchor = { isConnected: true, getBoundingClientRect: () => ({ top: top - box.scrollTop }) }
  const putBack = holdPlace(box, anchor)
  top += 900
  putBack()
  expect([box.scrollTop, anchor.getBoundingClientRect().top]).toEqual([900, 40])
  // A browser that has done so itself.
  putBack()
  expect(box.scrollTop).toBe(900)
  anchor.isConnected = false
  top += 100
  putBack()
  holdPlace(box, null)()
  expect(box.scrollTop).toBe(900)
})

test('proof of work: searches are counted, and their progress stays between 0 and 1', async () => {
  const work = createWork()
  await work.during(async onProgress => {
    onProgress({ tries: 1, expected: 4 })
    expect(work.state.value).toEqual({ searches: 1, done: 0.25 })
    onProgress({ tries: 9, expected: 4 })
    expect(work.state.value.done).toBe(1)
    await work.during(async () => expect(work.state.value.searches).toBe(2))
  })
  await expect(work.during(() => Promise.reject(new Error('x')))).rejects.toThrow()
  expect(work.state.value.searches).toBe(0)
})

test('storage lasts where the browser promises so, and only there', async () => {
  expect(await askForLastingStorage({ persist: async () => true })).toBe(true)
  expect(await askForLastingStorage({ persist: async () => false })).toBe(false)
  expect(await askForLastingStorage({ persist: () => Promise.reject(new Error('not here')) })).toBe(false)
  for (const none of [undefined, {}]) expect(await askForLastingStorage(none)).toBe(false)
})

test('an unknown error is never repeated on the screen', () => {
  expect(sentenceOf(new Error('secret words'))).not.toContain('secret')
})

describe('the policy of the page', () => {
  test('allows nothing inline and no other host for anything but nodes', () => {
    expect(contentSecurityPolicy).toContain("default-src 'none'")
    expect(contentSecurityPolicy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|data:|\*/)
    expect(securityHeaders['content-security-policy']).toContain("frame-ancestors 'none'")
  })

  test('scripts are those of the own origin', () => {
    const rules: { createScriptURL: (url: string) => string }[] = []
    installTrustedTypes({
      trustedTypes: { createPolicy: (_, rule) => void rules.push(rule as never) },
      location: { href: 'https://app.example/x/', origin: 'https://app.example' }
    })
    expect(rules[0]?.createScriptURL('./sw.js')).toBe('./sw.js')
    expect(() => rules[0]?.createScriptURL('https://evil.example/a.js')).toThrow()
    expect(() => installTrustedTypes({ location: { href: '', origin: '' } })).not.toThrow()
  })
})
