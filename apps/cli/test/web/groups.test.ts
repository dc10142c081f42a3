import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createPageWorld,
  executablePath,
  makeIdentity,
  makePerson,
  messageWith,
  openConversation,
  type PageWorld,
  write
} from './page-world.ts'

function picture(width: number, height: number): Buffer {
  const png = new PNG({ width, height })
  png.data.fill(0x7f)
  return PNG.sync.write(png)
}

/** Goes on with the Tab key until what has the focus is this element. */
async function tabTo(page: Page, selector: string): Promise<void> {
  const target = page.locator(selector)
  for (let steps = 0; steps < 100; steps++) {
    if (await target.evaluate(element => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`the Tab key does not reach ${selector}`)
}

// One story, told in order.
describe.skipIf(executablePath === undefined)('groups, pictures and the keyboard in a page', () => {
  let world: PageWorld
  let page: Page
  let carol: string
  let group: string

  const asCarol = (...args: string[]) =>
    world.sandbox.run(['--json', '--profile', 'carol', ...args, '--peer', world.enode])
  const listenAsCarol = () => world.sandbox.start(['--json', '--profile', 'carol', 'listen', '--peer', world.enode])

  beforeAll(async () => {
    world = await createPageWorld()
    carol = await makePerson(world, 'carol')
    page = await world.openTab()
    await makeIdentity(page)
  })
  afterAll(() => world?.dispose())

  test('a private group is made of contacts, joined, and written to from both sides', async () => {
    const listening = listenAsCarol()
    await listening.until(/"state":"connected"/)
    await openConversation(page, carol)
    await write(page, 'hello')
    await listening.until(/"text":"hello"/)
    await page.getByText('About', { exact: true }).click()
    await page.getByRole('button', { name: 'Add to contacts' }).click()
    await page.getByRole('button', { name: 'Remove from contacts' }).waitFor()
    await page.getByText('New conversation').click()
    await page.getByText('New private group').click()
    await page.getByLabel('Name of the group').fill('club')
    await page.getByRole('group', { name: 'Members' }).getByRole('checkbox').check()
    await page.getByRole('button', { name: 'Make the group' }).click()
    await page.getByRole('heading', { name: 'club' }).waitFor()
    await listening.until(/created the group .club./)
    group = /"kind":"group","id":"([^"]+)"/.exec(listening.stdout())?.[1] ?? ''
    listening.child.kill('SIGINT')
    await listening.ended
    expect((await asCarol('group', 'join', group)).code).toBe(0)
    expect((await asCarol('send', '--to', group, '--wait', 'confirmed', 'I am in')).code).toBe(0)
    await messageWith(page, 'I am in').waitFor()
  })

  test('pictures go both ways', async () => {
    const file = join(world.sandbox.folder, 'picture.png')
    writeFileSync(file, picture(64, 48))
    expect((await asCarol('send', '--to', group, '--image', file, '--wait', 'confirmed')).code).toBe(0)
    const theirs = page.locator('img.picture')
    await theirs.first().waitFor()
    expect(await theirs.first().evaluate(image => (image as HTMLImageElement).naturalWidth)).toBe(64)
    const listening = listenAsCarol()
    await listening.until(/"state":"connected"/)
    await page
      .getByLabel('Choose a picture')
      .setInputFiles({ name: 'mine.png', mimeType: 'image/png', buffer: picture(3000, 2000) })
    await expect.poll(() => theirs.count(), { timeout: 120_000 }).toBe(2)
    await listening.until(/"kind":"image"/)
    listening.child.kill('SIGINT')
    await listening.ended
  })

  test('the keyboard alone opens a conversation and writes in it', async () => {
    await page.reload()
    await page.getByRole('heading', { name: 'Unlock your account' }).waitFor()
    await tabTo(page, 'input[type=password]')
    await page.keyboard.type('a long password')
    await page.keyboard.press('Enter')
    await page.locator('[data-connection="connected"]').waitFor()
    await tabTo(page, '.chat-line >> nth=0')
    await page.keyboard.press('Enter')
    await page.getByRole('log').waitFor()
    await tabTo(page, '#message-text')
    await page.keyboard.type('typed without a mouse')
    await page.keyboard.press('Enter')
    await messageWith(page, 'typed without a mouse').waitFor()
    expect(world.problems).toEqual([])
  })
})
