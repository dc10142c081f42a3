import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createPageWorld,
  makeIdentity,
  makePerson,
  messageWith,
  openConversation,
  type PageWorld,
  say,
  write
} from './page-world.ts'

const folder = fileURLToPath(new URL('../../../../docs/web/', import.meta.url))
const sizes = [
  ['wide', 1280, 800, 'light'],
  ['tablet', 820, 1000, 'dark'],
  ['phone', 390, 800, 'light']
] as const

let world: PageWorld
beforeAll(async () => {
  world = await createPageWorld()
  mkdirSync(folder, { recursive: true })
})
afterAll(() => world?.dispose())

test('a conversation, the inspector and the invite, at three sizes', async () => {
  const carol = await makePerson(world, 'carol')
  const page = await world.openTab()
  const key = await makeIdentity(page)
  const picture = (name: string) => page.screenshot({ path: join(folder, `${name}.png`) })
  await openConversation(page, '#status')
  await write(page, 'Good morning, everyone')
  await openConversation(page, carol)
  await write(page, 'Hello Carol, I am in a browser. Can you read this?')
  await say(world, 'carol', key, 'Yes. The next message is forward secret, see the note below it.')
  await messageWith(page, 'forward secret').waitFor()
  await say(world, 'carol', key, 'The specification is at https://example.org/specs/5')
  await messageWith(page, 'specs/5').waitFor()
  await write(page, 'Thank you, I will look at it with the inspector.')
  for (const [name, width, height, colorScheme] of sizes) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height })
    await picture(name)
  }
  await page.getByRole('button', { name: 'My key' }).click()
  await picture('phone-invite')
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.getByRole('button', { name: 'Inspector' }).click()
  await page.getByLabel('Record the packets').check()
  await say(world, 'carol', key, 'To be taken apart')
  const packets = page.getByRole('button', { name: /from [0-9a-f]{8}, \d+ bytes/ })
  await packets.first().waitFor()
  await expect
    .poll(
      async () => {
        for (const packet of await packets.all()) {
          await packet.click()
          if ((await page.getByText('To be taken apart').count()) > 0) return true
        }
        return false
      },
      { timeout: 280_000 }
    )
    .toBe(true)
  await page.locator('.result').screenshot({ path: join(folder, 'inspector.png') })
})
