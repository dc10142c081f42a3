import { crc32, deflateSync, inflateSync } from 'node:zlib'
import jpeg from 'jpeg-js'
import { PNG } from 'pngjs'
import { describe, expect, test } from 'vitest'
import { audioDurationMs } from '../../src/audio-duration.ts'
import { limits } from '../../src/limits.ts'
import { decodePicture, drawPicture, pictureKind } from '../../src/pictures.ts'
import { copiedBytes, copySequence, noticeKind, noticeSequence } from '../../src/terminal-notices.ts'

const esc = '\u001b'

describe('what a terminal can', () => {
  test.each([
    [{ TERM: 'xterm-kitty' }, 'osc99', 'kitty'],
    [{ TERM: 'xterm-256color', KITTY_WINDOW_ID: '1' }, 'osc99', 'kitty'],
    [{ TERM: 'xterm-256color', TERM_PROGRAM: 'iTerm.app' }, 'osc9', 'iterm'],
    [{ TERM: 'xterm-256color', TERM_PROGRAM: 'WezTerm' }, 'osc9', 'iterm'],
    [{ TERM: 'xterm-ghostty', TERM_PROGRAM: 'ghostty' }, 'osc9', 'kitty'],
    [{ TERM: 'foot' }, 'osc777', 'sixel'],
    [{ TERM: 'xterm-256color' }, undefined, undefined],
    [{ TERM: 'tmux-256color', TMUX: '/tmp/x', KITTY_WINDOW_ID: '1' }, undefined, undefined],
    [{ TERM: 'screen', STY: '1', TERM_PROGRAM: 'iTerm.app' }, undefined, undefined]
  ])('%j', (environment, notice, picture) => {
    expect(noticeKind(environment)).toBe(notice)
    expect(pictureKind(environment)).toBe(picture)
  })
})

describe('notices and the clipboard', () => {
  test.each(['osc9', 'osc99', 'osc777'] as const)('%s: nothing of a name ends the sequence or begins another', kind => {
    const sequence = noticeSequence(kind, `Bob${esc}\\\u0007;x${'y'.repeat(500)}`, 'a new message')
    expect(sequence.length).toBeLessThan(400)
    const parts = kind === 'osc99' ? 2 : 1
    expect(sequence.split(`${esc}]`)).toHaveLength(parts + 1)
    expect(sequence.split(kind === 'osc99' ? `${esc}\\` : '\u0007')).toHaveLength(parts + 1)
    expect(sequence).toContain('a new message')
  })

  test('a text is copied whole, or not at all when a terminal would cut it', () => {
    expect(copySequence('zQ3sh…')).toBe(`${esc}]52;c;${Buffer.from('zQ3sh…').toString('base64')}\u0007`)
    expect(copySequence('x'.repeat(copiedBytes))).toBeDefined()
    expect(copySequence('x'.repeat(copiedBytes + 1))).toBeUndefined()
  })
})

/** A picture with a red and a blue half. */
function pixels(width: number, height: number): Buffer {
  const data = Buffer.alloc(4 * width * height, 255)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) data.set(x < width / 2 ? [255, 0, 0] : [0, 0, 255], 4 * (y * width + x))
  return data
}
function png(width: number, height: number): Uint8Array {
  const picture = new PNG({ width, height })
  picture.data = pixels(width, height)
  return PNG.sync.write(picture)
}
const room = { columns: 40, rows: 10 }

describe('pictures', () => {
  test('kitty gets the pixels in chunks, in a place of the right shape', async () => {
    const drawn = await drawPicture('kitty', png(400, 100), 'png', room)
    const chunks = drawn.split(`${esc}\\`).slice(0, -1)
    expect(chunks[0]).toContain('s=400,v=100,c=40,r=5,')
    expect(chunks.every(chunk => chunk.length < 4300 && chunk.startsWith(`${esc}_G`))).toBe(true)
    const data = chunks.map(chunk => chunk.slice(chunk.indexOf(';') + 1)).join('')
    expect(inflateSync(Buffer.from(data, 'base64'))).toEqual(pixels(400, 100))
  })

  test('a JPEG is decoded; a sixel picture fits the room; iTerm gets what came', async () => {
    const photo = new Uint8Array(jpeg.encode({ width: 64, height: 32, data: pixels(64, 32) }, 90).data)
    const { width, height, data } = await decodePicture(photo, 'jpeg')
    expect([width, height, data.length]).toEqual([64, 32, 4 * 64 * 32])
    expect(data[0]).toBeGreaterThan(200)
    const sixel = await drawPicture('sixel', png(1000, 1000), 'png', room)
    expect(sixel.startsWith(`${esc}P`)).toBe(true)
    expect(/"1;1;(\d+);(\d+)/.exec(sixel)?.slice(1).map(Number)).toEqual([200, 200])
    const iterm = await drawPicture('iterm', photo, 'jpeg', room)
    expect(iterm).toContain(`size=${photo.length};width=40;height=10;preserveAspectRatio=1:`)
    expect(Buffer.from(iterm.slice(iterm.lastIndexOf(':') + 1, -1), 'base64').equals(photo)).toBe(true)
  })

  test('what says that it is huge is refused before it is unpacked, damage and other kinds in words', async () => {
    const side = 1 + Math.sqrt(limits.picturePixels)
    const bomb = Buffer.from(png(2, 2))
    bomb.writeUInt32BE(side, 16)
    bomb.writeUInt32BE(side, 20)
    await expect(decodePicture(bomb, 'png')).rejects.toThrow(`more than ${limits.picturePixels} pixels`)
    const photo = Buffer.from(jpeg.encode({ width: 8, height: 8, data: pixels(8, 8) }, 90).data)
    const frame = photo.indexOf(Buffer.from('ffc0', 'hex'))
    photo.writeUInt16BE(side, frame + 5)
    photo.writeUInt16BE(side, frame + 7)
    await expect(decodePicture(photo, 'jpeg')).rejects.toThrow(`more than ${limits.picturePixels} pixels`)
    for (const type of ['png', 'jpeg']) {
      for (const bytes of [new Uint8Array(), new Uint8Array(40), png(4, 4).subarray(0, 60)])
        await expect(decodePicture(bytes, type)).rejects.toMatchObject({ code: 'picture' })
    }
    await expect(decodePicture(new Uint8Array(40), 'webp')).rejects.toThrow('cannot show WEBP pictures')
  })
})

/** One chunk of a PNG, with its checksum. */
function chunk(type: string, data: Uint8Array): Buffer {
  const whole = Buffer.alloc(12 + data.length)
  whole.writeUInt32BE(data.length, 0)
  whole.write(type, 4, 'latin1')
  whole.set(data, 8)
  whole.writeUInt32BE(crc32(whole.subarray(4, 8 + data.length)), 8 + data.length)
  return whole
}
/** The header of a grey PNG of 8 bits. */
function header(width: number, height: number, interlaced: boolean): Buffer {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(width, 0)
  data.writeUInt32BE(height, 4)
  data.set([8, 0, 0, 0, interlaced ? 1 : 0], 8)
  return chunk('IHDR', data)
}
const greyPng = (...parts: readonly Uint8Array[]): Uint8Array =>
  Buffer.concat([png(1, 1).subarray(0, 8), ...parts, chunk('IEND', new Uint8Array())])

describe('a PNG that hides its size', () => {
  const rows = (side: number): Uint8Array => chunk('IDAT', deflateSync(new Uint8Array(side * (side + 1))))

  test('behind a second header is not decoded', async () => {
    expect(await decodePicture(greyPng(header(4, 4, false), rows(4)), 'png')).toMatchObject({ width: 4, height: 4 })
    const two = greyPng(header(2, 2, false), header(4, 4, false), rows(4))
    await expect(decodePicture(two, 'png')).rejects.toThrow('this picture is damaged')
  })

  test('behind interlacing is unpacked no further than its header says', async () => {
    // Four pixels in passes of one, one and two: a sign and a byte for each.
    const small = chunk('IDAT', deflateSync(Uint8Array.of(0, 1, 0, 2, 0, 3, 4)))
    expect(await decodePicture(greyPng(header(2, 2, true), small), 'png')).toMatchObject({ width: 2, height: 2 })
    const bomb = greyPng(header(2, 2, true), chunk('IDAT', deflateSync(new Uint8Array(1 << 20))))
    await expect(decodePicture(bomb, 'png')).rejects.toThrow('unpacks to more than its header says')
  })
})

describe('how long a sound is', () => {
  const adts = (rate: number, length: number): Buffer => {
    const frame = Buffer.alloc(length)
    frame.set([
      0xff,
      0xf1,
      0x40 | (rate << 2),
      0x80 | (length >> 11),
      (length >> 3) & 255,
      ((length & 7) << 5) | 0x1f,
      0xfc
    ])
    return frame
  }
  test.each([
    ['44.1 kHz AAC', Buffer.concat(Array.from({ length: 43 }, () => adts(4, 20))), 998],
    ['8 kHz AAC', Buffer.concat([adts(11, 9), adts(11, 300)]), 256],
    [
      'AMR',
      Buffer.concat([
        Buffer.from('#!AMR\n'),
        ...Array.from({ length: 50 }, () => Buffer.from([0x3c, ...Array(31).fill(0)]))
      ]),
      1000
    ],
    ['wide AMR', Buffer.concat([Buffer.from('#!AMR-WB\n'), Buffer.from([0x44, ...Array(60).fill(0)])]), 20],
    ['no frame', Buffer.from('fff1', 'hex'), undefined],
    ['a frame of no length', Buffer.from('fff15000001ffc', 'hex'), undefined],
    ['nothing', Buffer.alloc(0), undefined]
  ])('%s', (_, bytes, ms) => expect(audioDurationMs(bytes)).toBe(ms))
})
