import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { type BrowserContext, chromium, type Page } from 'playwright'
import { expect } from 'vitest'
// @ts-expect-error: a script of the repository, without types
import { findChromium } from '../../../../tools/chromium.mjs'
import { createSandbox, jsonLines, patienceMs, type Running, type Sandbox } from '../process/cli.ts'

export const executablePath: string | undefined = findChromium()
if (executablePath === undefined) console.warn('skipped: the page in Chromium, none is installed')

export const password = 'a long password'

/** The built page in a browser, served by the program, and people on the command line. */
export interface PageWorld {
  readonly sandbox: Sandbox
  readonly context: BrowserContext
  /** Where the page is. */
  readonly origin: string
  /** Where people on the command line join. */
  readonly enode: string
  readonly server: Running
  /** Errors of pages, and what their policy refused. */
  readonly problems: readonly string[]
  readonly openTab: () => Promise<Page>
  readonly dispose: () => Promise<void>
}

export async function createPageWorld(launchArgs: readonly string[] = []): Promise<PageWorld> {
  const sandbox = createSandbox()
  const problems: string[] = []
  const archive = join(sandbox.folder, 'archive')
  const server = sandbox.start([
    ...['--json', 'web', '--http', '127.0.0.1:0', '--listen', '127.0.0.1:0', '--archive', archive]
  ])
  await server.until(/"event":"ready"/)
  const lines = jsonLines(server.stdout().slice(0, server.stdout().lastIndexOf('\n')))
  const origin = String(lines.find(line => line['what'] === 'page')?.['url'])
  const enode = String(lines.find(line => line['event'] === 'listening')?.['enode'])
  const context = await chromium.launchPersistentContext(join(sandbox.folder, 'browser'), {
    ...(executablePath === undefined ? {} : { executablePath }),
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run', ...launchArgs]
  })
  context.setDefaultTimeout(patienceMs)
  context.on('page', page => {
    page.on('pageerror', error => problems.push(error.message))
    page.on('console', message => {
      if (message.type() === 'error') problems.push(message.text())
    })
  })
  return {
    sandbox,
    context,
    origin,
    enode,
    server,
    problems,
    openTab: async () => {
      const page = await context.newPage()
      await page.goto(origin)
      return page
    },
    dispose: async () => {
      await context.close()
      await sandbox.dispose()
    }
  }
}

/** Makes an identity in the page: the words are read and three of them typed again. Answers the public key as `zQ3sh…`. */
export async function makeIdentity(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Make an identity' }).click()
  const words = await page.getByRole('list', { name: 'Recovery phrase' }).getByRole('listitem').allTextContents()
  expect(words).toHaveLength(12)
  await page.getByRole('button', { name: 'I have written them down' }).click()
  for (const field of await page.getByLabel(/^Word \d+$/).all()) {
    const label = await field.evaluate(element => (element as HTMLInputElement).labels?.[0]?.textContent ?? '')
    await field.fill(words[Number(/\d+/.exec(label)?.[0]) - 1] ?? '')
  }
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByLabel('Password again').fill(password)
  await page.getByRole('button', { name: 'Make the identity' }).click()
  await connected(page)
  await page.getByRole('button', { name: 'My key' }).click()
  const key = (await page.locator('[data-own-key]').textContent()) ?? ''
  await page.getByRole('button', { name: 'Chats' }).click()
  return key.trim()
}

export async function unlock(page: Page): Promise<void> {
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Unlock' }).click()
  await connected(page)
}

const connected = (page: Page): Promise<void> => page.locator('[data-connection="connected"]').waitFor()

export async function openConversation(page: Page, target: string): Promise<void> {
  await page.getByText('New conversation').click()
  await page.getByLabel('Person or public chat').fill(target)
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  await page.getByRole('log').waitFor()
  await page.getByText('New conversation').click()
}

export async function write(page: Page, text: string): Promise<void> {
  await page.getByLabel('Message', { exact: true }).fill(text)
  await page.getByRole('button', { name: 'Send' }).click()
  await messageWith(page, text).waitFor()
}

/** The message that says exactly this. */
export const messageWith = (page: Page, text: string) =>
  page.getByRole('article').filter({ has: page.locator('.text', { hasText: text }) })

/** What axe finds wrong with what the page shows now. */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)
}

/** The public key of a person on the command line, made on the way. */
export async function makePerson({ sandbox }: PageWorld, profile: string): Promise<string> {
  const { stdout } = await sandbox.run(['--json', '--profile', profile, 'init', '--light-kdf'])
  return String(jsonLines(stdout)[0]?.['text'])
}

/** Says something from the command line; ends once a node has it. */
export async function say(world: PageWorld, profile: string, to: string, text: string): Promise<void> {
  const args = ['--json', '--profile', profile, 'send', '--to', to, '--peer', world.enode, '--wait', 'confirmed', text]
  const { code, stdout } = await world.sandbox.run(args)
  expect(code, stdout).toBe(0)
}
