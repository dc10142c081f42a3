import { readdirSync, readFileSync } from 'node:fs'
import { homedir, hostname, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { root } from '../packed.mjs'
import { keysIn, withoutKeys } from '../recordings/keys.mjs'
import { castOf, paced, pictureOf } from '../recordings/picture.mjs'
import { scenes } from '../recordings/scenes.mjs'
import { missing, record } from '../recordings/terminal.mjs'

const folder = join(root, 'docs/recordings')
describe('what is recorded', () => {
  const files = readdirSync(folder)
  test('each scene has a cast and a picture, and nothing else is there', () =>
    expect(files.sort()).toEqual(
      Object.keys(scenes)
        .flatMap(name => [`${name}.cast`, `${name}.svg`])
        .sort()
    ))

  test.each(files)('%s shows no key, and no path, user or name of the machine', file => {
    const text = readFileSync(join(folder, file), 'utf8')
    expect(keysIn(text)).toEqual([])
    const own = [root, homedir(), join(tmpdir(), 'you-'), join(tmpdir(), 'scene-')]
    for (const place of own) expect(text).not.toContain(place)
    // Words such as `root` or `runner` say something else too.
    for (const name of [userInfo().username, hostname()]) expect(text).not.toMatch(new RegExp(`[/@]${name}\\b`))
  })

  test.each(files.filter(file => file.endsWith('.cast')))('%s is an asciicast of version 2', file => {
    const [header, ...chunks] = readFileSync(join(folder, file), 'utf8')
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(header).toMatchObject({ version: 2, title: scenes[file.replace('.cast', '')].title })
    const times = chunks.map(([seconds]) => seconds)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    for (const [, kind, text] of chunks) expect([kind, typeof text]).toEqual(['o', 'string'])
  })
})

const why = missing()
if (why !== undefined) console.warn(`${why}: the scenes of the recordings are not tried`)
describe.skipIf(why !== undefined)('the scenes work as they are recorded', () => {
  const ends = {
    demo: ['All steps worked: network ✓', '✓ offline: forward-secret'],
    chat: ['see you there'],
    mailserver: ['Alice: see you at eight  [forward secret]', '1 new message']
  }
  test('each has an end', () => expect(Object.keys(ends)).toEqual(Object.keys(scenes)))
  test.each(Object.entries(scenes))('%s', async (name, scene) => {
    const recorded = await record(scene, { typing: 0 })
    const shown = recorded.frames.map(({ screen }) => stripVTControlCharacters(screen)).join('\n')
    for (const end of ends[name]) expect(shown).toContain(end)
    expect(keysIn(shown + castOf(recorded, scene.title))).toEqual([])
    expect(pictureOf(recorded, scene.title)).toContain(`id="f${recorded.frames.length - 1}"`)
  })
})

describe('pictures', () => {
  const frame = (seconds, screen) => ({ seconds, screen })
  test('long waits are cut, and the last screen stays', () => {
    const [first, second, last] = paced([frame(0, 'a'), frame(1, 'b'), frame(100, 'c')])
    expect([first.to, second.to, last.to]).toEqual([1, 3.5, 8.5])
  })
  test('styles are shown, what would be markup is text, and a line that two screens share is there once', () => {
    const line = '\u001b[1;32mok\u001b[0m <b> \u001b[38;5;196;4mred\u001b[7m back'
    const picture = pictureOf(
      { columns: 20, rows: 2, frames: [frame(0, line), frame(1, `${line}\nmore`)] },
      'a <title>'
    )
    expect(picture).toContain('<title>a &lt;title&gt;</title>')
    expect(picture.match(/>&lt;b&gt;</g)).toHaveLength(1)
    expect(picture).toMatch(/fill="#98c379" font-weight="bold">ok</)
    expect(picture).toMatch(/fill="rgb\(255,0,0\)" text-decoration="underline">red</)
    expect(picture).not.toContain('\u001b')
    expect(picture).not.toContain('<script')
  })
  test('keys are replaced by as many digits that are nobody’s', () => {
    const [hex, text] = ['d4'.repeat(64), `zQ3sh${'Zz9'.repeat(15)}`]
    const said = `enode://${hex}@127.0.0.1:1 ${text} 0x${hex.slice(0, 64)} 8f24ddf9…`
    expect(keysIn(said)).toHaveLength(3)
    const shown = withoutKeys(said)
    expect(shown).toHaveLength(said.length)
    expect(keysIn(shown)).toEqual([])
    // A key that two reads of a terminal, or two of its lines, share.
    for (let at = 0; at < shown.length; at += 1)
      expect(keysIn(`${shown.slice(0, at)}"\n"${shown.slice(at)}`)).toEqual([])
    expect(shown).toContain('8f24ddf9…')
  })
})
