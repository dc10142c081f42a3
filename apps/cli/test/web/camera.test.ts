import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { shortKey } from '@status-stack/account-rpc/targets'
import { generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { formatQrPayload } from '@status-stack/status-accounts'
import { encode } from 'uqr'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPageWorld, executablePath, makeIdentity, type PageWorld } from './page-world.ts'

const [width, height] = [640, 480]
const modulePixels = 8

/** One picture of a QR code as a film in YUV4MPEG2: what a camera sees that is held in front of it. */
function filmOf(text: string): Uint8Array {
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  const [left, top] = [(width - size * modulePixels) / 2, (height - size * modulePixels) / 2]
  const brightness = new Uint8Array(width * height).fill(235)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const dark = data[Math.floor((y - top) / modulePixels)]?.[Math.floor((x - left) / modulePixels)] === true
      if (dark) brightness[y * width + x] = 16
    }
  }
  const grey = new Uint8Array((width * height) / 2).fill(128)
  const header = new TextEncoder().encode(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\nFRAME\n`)
  return new Uint8Array([...header, ...brightness, ...grey])
}

describe.skipIf(executablePath === undefined)('the camera of the page', () => {
  const folder = mkdtempSync(join(tmpdir(), 'status-stack-camera-'))
  const publicKey = publicKeyOf(generatePrivateKey())
  let world: PageWorld

  beforeAll(async () => {
    const film = join(folder, 'code.y4m')
    writeFileSync(film, filmOf(formatQrPayload({ publicKey })))
    world = await createPageWorld([
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${film}`
    ])
  })
  afterAll(async () => {
    await world?.dispose()
    rmSync(folder, { recursive: true, force: true })
  })

  test('reads an invite, and opens the conversation with that person', async () => {
    const page = await world.openTab()
    await makeIdentity(page)
    await page.getByRole('button', { name: 'My key' }).click()
    await page.getByRole('button', { name: 'Use the camera' }).click()
    await page.getByRole('heading', { name: shortKey(publicKey) }).waitFor()
    expect(world.problems).toEqual([])
  })
})
