import { expect, test } from 'vitest'
import { archived, envelope, epoch, world } from '../support/world.ts'

test('M-14 limit N returns exactly N and a 36-byte cursor, also when nothing is left', async () => {
  const { peer, put, stop } = await world()
  const stored = Array.from({ length: 7 }, (_, i) => envelope(epoch + i))
  await put(...stored.map((bytes, i) => archived(bytes, epoch + i)))
  const client = await peer('client')
  const first = await client.ask({ limit: 3, upper: epoch + 100 })
  expect(first.bundles).toEqual([stored.slice(0, 2), stored.slice(2, 3)])
  expect(first.completion).toMatchObject({ kind: 'done', requestId: first.id })
  await stop()
})
