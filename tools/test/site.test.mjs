import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { publicPackages } from '../packed.mjs'
import { collectPages } from '../site/collect.mjs'
import { limitsOf, limitsPage } from '../site/limits.mjs'
import { linkProblems } from '../site/links.mjs'
import { pageText, sectionsOf } from '../site/markdown.mjs'
import { collectedPages } from '../site/pages.mjs'

/** @type {string[]} */
const folders = []
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'status-stack-site-'))
  folders.push(made)
  return made
}
afterAll(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true })
})

describe('limits', () => {
  test('values are computed, reasons come from where they stand', () => {
    const text = `
      const dayMs = 86_400_000
      /** What is bounded. */
      export interface Bounds {
        /** Bytes. */
        readonly bytes: number
      }
      export const bounds: Bounds = Object.freeze({
        // As a packet has.
        bytes: 10 * 1024
      })
      export const limits = Object.freeze({
        /** How old. */
        age: 2 * dayMs,
        /** For each of two. */
        left: 1,
        right: 2,
        bare: {
          /** Inside. */
          inner: 1 << 4
        }
      })
      /** Alone. */
      export const alone = -1`
    expect(limitsOf(text)).toEqual([
      { name: 'bytes', value: 10_240, reason: 'Bytes. As a packet has.' },
      { name: 'age', value: 172_800_000, reason: 'How old.' },
      { name: 'left', value: 1, reason: 'For each of two.' },
      { name: 'right', value: 2, reason: 'For each of two.' },
      { name: 'bare.inner', value: 16, reason: 'Inside.' },
      { name: 'alone', value: -1, reason: 'Alone.' }
    ])
  })
  test('every limit of every package has a reason', () => {
    const packages = publicPackages().map(({ folder: place, json }) => ({ name: json.name, folder: place }))
    const { text, unexplained } = limitsPage(packages)
    expect(unexplained).toEqual([])
    expect(text).toContain('| `maxSkip` | 1 000 |')
  })
  test('one without a reason is told', () => {
    const place = folder()
    mkdirSync(join(place, 'src'))
    writeFileSync(join(place, 'src/limits.ts'), 'export const limits = Object.freeze({ most: 1 })')
    expect(limitsPage([{ name: 'here', folder: place }]).unexplained).toEqual(['here: most'])
  })
})

describe('pages', () => {
  const place = folder()
  mkdirSync(join(place, 'docs'))
  writeFileSync(join(place, 'docs/code.js'), "/** @import { A } from 'a' */\n\nrun()\n")
  writeFileSync(join(place, 'docs/source.ts'), '')
  const site = {
    root: place,
    inRepository: address => (address.startsWith('https://here/') ? address.slice('https://here/'.length) : undefined),
    pageOf: file => ({ 'docs/other.md': 'guide/other.md', 'packages/x/README.md': 'packages/x.md' })[file],
    fileUrl: () => undefined,
    keepImage: file => `/images/${file}`
  }
  const page = text => pageText(text, 'docs/text.md', site)
  test('links lead to pages, keep their place, and are words where there is nothing to lead to', () => {
    expect(page('[`a`](other.md#part) and [b](../packages/x)')).toBe('[`a`](/guide/other#part) and [b](/packages/x)')
    expect(page('[c](https://here/docs/other.md), [d](source.ts), [e](https://else/)')).toBe(
      '[c](/guide/other), d, [e](https://else/)'
    )
    expect(page('![picture](web/p.png)')).toBe('![picture](/images/docs/web/p.png)')
  })
  test('what is code stays as it is', () => {
    expect(page('`[a](other.md)`')).toBe('`[a](other.md)`')
    expect(page('```\n[a](nothing.md)\n```')).toBe('```\n[a](nothing.md)\n```')
  })
  test('a link that leads nowhere stops the build', () =>
    expect(() => page('[a](nothing.md)')).toThrow('leads nowhere'))
  test('code comes out of its file, comments go', () => {
    expect(page('a\n\n<!-- code: code.js -->\n\n<!-- not run: because -->\nb')).toBe(
      'a\n\n```js [code.js]\nrun()\n```\n\nb'
    )
  })
  test('a section ends at the next heading of its depth', () => {
    expect(sectionsOf('# A\n## Security\na\n### Deep\nb\n## Speed\nc', /security/i)).toEqual(['a\n### Deep\nb'])
  })
  test('every example has a place, and no two pages have the same', () => {
    const places = collectedPages().map(({ to }) => to)
    expect(new Set(places).size).toBe(places.length)
    expect(places.filter(to => to.startsWith('tutorials/')).length).toBeGreaterThanOrEqual(8)
  })
})

test('every page can be put together: no link of a text leads nowhere', () => {
  const shown = collectPages(folder())
  expect(shown.map(({ text }) => text)).toContain('Only the ratchet in my web app')
  expect(shown.filter(({ text }) => text === '')).toEqual([])
})

describe('links of a built site', () => {
  const built = pages => {
    const place = folder()
    for (const [name, text] of Object.entries(pages)) {
      mkdirSync(join(place, name, '..'), { recursive: true })
      writeFileSync(join(place, name), text)
    }
    return linkProblems(place)
  }
  test('a site whose links lead somewhere has no problem', () => {
    const index = '<a href="/a/b#part">b</a><a href="https://else.example/">else</a><script src="/x.js"></script>'
    expect(built({ 'index.html': index, 'a/b.html': '<h2 id="part">P</h2><a href="../">up</a>', 'x.js': '' })).toEqual(
      []
    )
  })
  test.each([
    ['<a href="/gone">x</a>', '/gone leads nowhere'],
    ['<a href="#gone">x</a>', '#gone: the page has no such place'],
    ['<img src="https://else.example/p.png">', '<img> loads https://else.example/p.png'],
    ['<link rel="stylesheet" href="//else.example/s.css">', '<link> loads //else.example/s.css']
  ])('%s', (text, problem) => expect(built({ 'index.html': text })).toEqual([`index.html: ${problem}`]))
})
