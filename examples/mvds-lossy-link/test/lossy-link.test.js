import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { createLossyLink } from '../src/lossy-link.js'

const program = fileURLToPath(new URL('../src/main.js', import.meta.url))

test('every message is shown exactly once, whatever the link does', async () => {
  for (const count of [1, 20, 100]) {
    const { stdout } = await promisify(execFile)(process.execPath, [program, String(count)])
    expect(stdout).toContain(`bob showed ${count} messages, ${count} of them different`)
    expect(stdout).toContain(`alice knows of ${count} acknowledgements`)
  }
})

test('the link does lose, double and reorder', () => {
  let state = 1
  const link = createLossyLink(() => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state / 2 ** 32
  })
  for (let at = 0; at < 200; at++) link.send('bob', Uint8Array.of(at))
  const arrived = []
  for (let packet = link.next(); packet !== undefined; packet = link.next()) arrived.push(packet.bytes[0] ?? 0)
  expect(link.seen.lost).toBeGreaterThan(40)
  expect(link.seen.doubled).toBeGreaterThan(10)
  expect(arrived.length).toBe(200 - link.seen.lost + link.seen.doubled)
  expect(arrived).not.toEqual([...arrived].sort((a, b) => a - b))
})
