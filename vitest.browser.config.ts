import { existsSync, readdirSync } from 'node:fs'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { findChromium } from './tools/chromium.mjs'

// The same tests that Node runs, in a real browser, for every package that runs there; what needs Node is named `*.node.test.ts`.
const packages = [
  'crypto',
  'rlp',
  'whisper',
  'status-pfs',
  'status-sync',
  'status-data',
  'status-accounts',
  'status-client'
]
const folders = ['unit', 'vectors', 'compliance', 'browser']

const executablePath = findChromium()
if (executablePath === undefined) throw new Error('no Chromium found: install one, or set CHROMIUM to its path')

const projects = packages
  .filter(
    name =>
      existsSync(`packages/${name}/test`) &&
      readdirSync(`packages/${name}/test`).some(folder => folders.includes(folder))
  )
  .map(name => ({
    extends: true as const,
    root: `./packages/${name}`,
    test: {
      name,
      include: folders.map(folder => `test/${folder}/**/*.test.ts`),
      exclude: ['**/*.node.test.ts'],
      testTimeout: 60_000,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({
          launchOptions: {
            executablePath,
            args: [
              '--no-sandbox',
              '--disable-gpu',
              '--disable-background-networking',
              '--disable-component-update',
              '--no-first-run',
              '--disable-sync'
            ]
          }
        }),
        instances: [{ browser: 'chromium' as const }]
      }
    }
  }))

export default defineConfig({
  resolve: { conditions: ['status-stack-source', 'browser', 'import', 'module', 'default'] },
  test: { projects }
})
