import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  accessibilityProblems,
  createPageWorld,
  executablePath,
  makeIdentity,
  makePerson,
  messageWith,
  openConversation,
  type PageWorld,
  password,
  say,
  unlock,
  write
} from './page-world.ts'

/** Texts that would do harm if anything but text were made of them. */
const hostile = [
  '<img src=x onerror="globalThis.harmed=1"><script>globalThis.harmed=1</script>',
  'javascript:alert(1) http://plain.example https://user:pass@bank.example/',
  'evil \u202egnp.exe\u202c and \u2066isolated\u2069 marks',
  'bell \u0007 escape \u001b[31m zero\u200bwidth',
  `piled ${'a'}${'\u0301'.repeat(300)}`,
  'שלום עולם, מה שלומך?'
]

// One story, told in order: each test goes on where the one before it ended.
describe.skipIf(executablePath === undefined)('the messenger in a page', () => {
  let world: PageWorld
  let page: Page
  let key: string
  let carol: string

  beforeAll(async () => {
    world = await createPageWorld()
    carol = await makePerson(world, 'carol')
    page = await world.openTab()
  })
  afterAll(() => world?.dispose())

  test('an identity is made once its words were confirmed', async () => {
    await page.getByRole('heading', { name: 'Status Stack' }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('button', { name: 'Make an identity' }).click()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('button', { name: 'I have written them down' }).click()
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Confirm the words')
    for (const field of await page.getByLabel(/^Word \d+$/).all()) await field.fill('zebra')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByLabel('Password again').fill(password)
    await page.getByRole('button', { name: 'Make the identity' }).click()
    const said = page.getByRole('alert').getByText('The words are not those that were shown')
    await said.waitFor()
    // The button is far below the heading: it is in view all the same.
    await page.setViewportSize({ width: 360, height: 400 })
    await page.getByRole('button', { name: 'Make the identity' }).scrollIntoViewIfNeeded()
    expect((await said.boundingBox())?.y).toBeGreaterThanOrEqual(0)
    await page.setViewportSize({ width: 1280, height: 720 })
    expect(await accessibilityProblems(page)).toEqual([])
    await page.reload()
    key = await makeIdentity(page)
    expect(key).toMatch(/^zQ3sh/)
  })

  test('first contact with a person on the command line, in both directions', async () => {
    const listening = world.sandbox.start(['--json', '--profile', 'carol', 'listen', '--peer', world.enode])
    await listening.until(/"state":"connected"/)
    await openConversation(page, carol)
    await write(page, 'hello from a page')
    await listening.until(/hello from a page/)
    await page.locator('[data-mark="received"]').waitFor()
    listening.child.kill('SIGINT')
    await listening.ended
    await say(world, 'carol', key, 'hello from a terminal')
    const answer = messageWith(page, 'hello from a terminal')
    await answer.waitFor()
    expect(await answer.locator('.protection').textContent()).toBe('forward secret')
  })

  test('what others write is text, whatever it holds', async () => {
    for (const text of hostile) await say(world, 'carol', key, text)
    await messageWith(page, 'שלום עולם').waitFor()
    const texts = await page.locator('.message .text').allTextContents()
    expect(texts).toContain(hostile[0])
    expect(texts.join('').replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Bidi_Control}|\u200b/u)
    expect(texts.find(text => text.startsWith('piled'))?.length).toBeLessThan(20)
    // No element, no link, no script came of any of them.
    expect(await page.locator('.message .text img, .message .text script, .message .text a').count()).toBe(0)
    expect(await page.evaluate(() => 'harmed' in globalThis)).toBe(false)
    await say(world, 'carol', key, 'see https://example.org/a?b=c.')
    const link = page.getByRole('link', { name: 'https://example.org/a?b=c' })
    await link.waitFor()
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer')
    expect(await accessibilityProblems(page)).toEqual([])
  })

  test('answers, changes, reactions and deletions', async () => {
    const mine = messageWith(page, 'hello from a page')
    await mine.locator('.more > summary').click()
    await mine.getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Message', { exact: true }).fill('hello from a changed page')
    await page.getByRole('button', { name: 'Change' }).click()
    await messageWith(page, 'hello from a changed page').getByText('edited').waitFor()
    const theirs = messageWith(page, 'hello from a terminal')
    await theirs.locator('.more > summary').click()
    await theirs.getByRole('button', { name: 'Thumbs up' }).click()
    await theirs.locator('.reaction').waitFor()
    await theirs.getByRole('button', { name: 'Reply' }).click()
    await write(page, 'an answer')
    await messageWith(page, 'an answer').locator('blockquote', { hasText: 'hello from a terminal' }).waitFor()
    await write(page, 'to be deleted')
    const doomed = messageWith(page, 'to be deleted')
    await doomed.locator('.more > summary').click()
    await doomed.getByText('Delete', { exact: true }).click()
    await doomed.getByRole('button', { name: 'Delete for everyone' }).click()
    await page.getByText('Deleted', { exact: true }).waitFor()
  })

  test('what went wrong is said once and in one place, in view at any width, until it is dismissed', async () => {
    const text = 'This is neither a contact link nor a public key.'
    const reports = page.getByRole('alert').filter({ hasText: text })
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 500 })
      if (width === 360) await page.getByRole('button', { name: 'Back' }).click()
      await page.getByText('New conversation').click()
      await page.getByLabel('Person or public chat').fill('nobody at all')
      await page.getByRole('button', { name: 'Open', exact: true }).press('Enter')
      await reports.waitFor()
      expect(await page.getByText(text).count()).toBe(1)
      expect(await page.getByRole('alert').count()).toBe(1)
      const box = await reports.boundingBox()
      expect(box?.y).toBeGreaterThanOrEqual(0)
      expect((box?.y ?? 500) + (box?.height ?? 0)).toBeLessThanOrEqual(500)
      expect(await accessibilityProblems(page)).toEqual([])
      await reports.getByRole('button', { name: 'Dismiss' }).press('Enter')
      expect(await page.getByText(text).count()).toBe(0)
      await page.getByText('New conversation').click()
    }
    await page.setViewportSize({ width: 1280, height: 740 })
  })

  test('the inspector takes the packets of the page apart, down to the payload', async () => {
    await page.getByRole('button', { name: 'Inspector' }).click()
    await page.getByLabel('Record the packets').check()
    await say(world, 'carol', key, 'to be taken apart')
    const packets = page.getByRole('button', { name: /from [0-9a-f]{8}, \d+ bytes/ })
    await packets.first().waitFor()
    // Which packet brought the message, and not an acknowledgement, shows inside.
    await expect
      .poll(
        async () => {
          for (const packet of await packets.all()) {
            await packet.click()
            await page.locator('.layer.envelope').first().waitFor()
            if (await page.getByText('to be taken apart').count()) return true
          }
          return false
        },
        { timeout: 120_000 }
      )
      .toBe(true)
    for (const layer of [
      'whisper-packet',
      'envelope',
      'whisper-message',
      'protocol-message',
      'ratchet-plaintext',
      'sync-payload',
      'wrapper',
      'payload'
    ])
      expect(await page.locator(`.layer.${layer}`).count(), layer).toBeGreaterThan(0)
    expect(await page.locator('.trace li').count()).toBeGreaterThan(0)
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByLabel('Bytes').fill('cc06883fc999999999999a8080')
    await page.getByRole('button', { name: 'Take apart' }).click()
    await page.getByText('Whisper packet').waitFor()
    await page.getByRole('button', { name: 'Chats' }).click()
  })

  test('what is being written stays when one looks elsewhere, and the keyboard goes on where something has opened', async () => {
    await page.getByRole('button', { name: 'Network' }).click()
    await page.getByLabel('Nodes').fill('half an address')
    await page.getByRole('button', { name: 'Chats' }).click()
    await page.getByRole('button', { name: /zQ3sh/ }).first().press('Enter')
    const line = page.getByLabel('Message', { exact: true })
    await line.waitFor()
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H2')
    await line.fill('half a sentence')
    await page.getByRole('button', { name: 'Network' }).click()
    expect(await page.getByLabel('Nodes').inputValue()).toBe('half an address')
    await page.getByRole('button', { name: 'Chats' }).click()
    expect(await line.inputValue()).toBe('half a sentence')
    await line.fill('')
  })

  test('a second tab is kept apart, and can take the account over', async () => {
    const second = await world.openTab()
    await second.getByRole('heading', { name: 'Open in another tab' }).waitFor()
    expect(await accessibilityProblems(second)).toEqual([])
    await second.getByRole('button', { name: 'Use it here' }).click()
    await page.getByRole('heading', { name: 'Now in another tab' }).waitFor()
    await unlock(second)
    await page.close()
    page = second
    await page.getByRole('button', { name: /zQ3sh/ }).first().click()
    await messageWith(page, 'an answer').waitFor()
  })

  test('what was sent while the page was closed comes from the mailserver', async () => {
    await page.close()
    await say(world, 'carol', key, 'while you were away')
    page = await world.openTab()
    await page.getByRole('heading', { name: 'Unlock your account' }).waitFor()
    await page.getByLabel('Password').fill('a wrong password')
    await page.getByRole('button', { name: 'Unlock' }).click()
    await page.getByText('The password does not open this account').waitFor()
    await unlock(page)
    await page.getByRole('button', { name: /zQ3sh/ }).first().click()
    await messageWith(page, 'while you were away').waitFor()
    await messageWith(page, 'an answer').waitFor()
  })

  test('light and dark, wide and narrow, everything can be read and reached', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 740 })
        for (const place of ['My key', 'Network', 'Inspector', 'Chats']) {
          await page.getByRole('button', { name: place }).click()
          expect(await accessibilityProblems(page), `${place} ${colorScheme} ${width}`).toEqual([])
          const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
          expect(wider, `${place} at ${width}`).toBeLessThanOrEqual(0)
        }
      }
    }
    await page.setViewportSize({ width: 1280, height: 740 })
  })

  test('nothing that was written is readable in the files of the browser', async () => {
    const names = await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name ?? ''))
    const dump = await page.evaluate(async all => {
      const texts: string[] = []
      for (const name of all) {
        const database = await new Promise<IDBDatabase>((resolve, reject) => {
          const opening = indexedDB.open(name)
          opening.onsuccess = () => resolve(opening.result)
          opening.onerror = () => reject(opening.error)
        })
        for (const store of database.objectStoreNames) {
          const values = await new Promise<unknown[]>(resolve => {
            const reading = database.transaction(store).objectStore(store).getAll()
            reading.onsuccess = () => resolve(reading.result)
          })
          for (const value of values)
            texts.push(value instanceof Uint8Array ? new TextDecoder('latin1').decode(value) : String(value))
        }
        database.close()
      }
      return texts.join('\n')
    }, names)
    expect(dump).toContain('"keystore"')
    expect(dump.length).toBeGreaterThan(10_000)
    for (const secret of ['hello from', 'while you were away', password]) expect(dump).not.toContain(secret)
  })

  test('the page opens without its server, and nothing broke on the way', async () => {
    await page.waitForFunction(async () => (await navigator.serviceWorker.ready).active?.state === 'activated')
    expect(world.problems).toEqual([])
    world.server.child.kill('SIGTERM')
    expect((await world.server.ended).code).toBe(0)
    await page.reload()
    await page.getByRole('heading', { name: 'Unlock your account' }).waitFor()
  })
})
