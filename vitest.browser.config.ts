import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { browserTests } from './tools/browser-tests.mjs'
import { findChromium } from './tools/chromium.mjs'

// The same tests that Node runs, in a real browser, for every package that runs there.
const packages = [
  'interface',
  'utils',
  'protobuf',
  'crypto',
  'rlp',
  'rlpx',
  'websocket-transport',
  'whisper',
  'waku',
  'status-pfs',
  'status-sync',
  'status-data',
  'status-accounts',
  'status-client',
  'whisper-rpc',
  'inspector',
  'account-rpc'
]

/** Those that have sources of their own for browsers. The others have the same sources there, and stand on these. */
const differing = ['crypto', 'websocket-transport', 'whisper']

// Without an installed one Playwright looks for its own, and says how to get it. Nothing throws here: knip reads this file on every machine.
const executablePath = findChromium()

/** One for each project: vitest writes names into it. */
const browser = () => ({
  enabled: true,
  headless: true,
  // Generous: a browser that starts beside busy processes takes its time.
  connectTimeout: 300_000,
  screenshotFailures: false,
  provider: playwright({
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
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
})
const filesOf = (folders: readonly string[], of: readonly string[] = packages): string[] =>
  of.flatMap(name => browserTests(`packages/${name}`, folders))
const same = packages.filter(name => !differing.includes(name))
/** Tests that run in Node too. */
const everywhere = ['vectors', 'compliance', 'unit']

export default defineConfig({
  resolve: {
    conditions: ['status-stack-source', 'browser', 'module'],
    // abstract-level asks bundlers for the npm package of this name, where Node has a module.
    alias: { events: fileURLToPath(new URL('packages/status-client/node_modules/events/events.js', import.meta.url)) }
  },
  test: {
    testTimeout: 300_000,
    hookTimeout: 300_000,
    projects: [
      // Files share a page and what it has loaded, as in Node (decision 0057): loading it again for each was most of the time.
      {
        name: 'shared page',
        isolate: false,
        include: filesOf(everywhere, differing)
      },
      // Most of the time of all: `npm test` leaves these to CI (decision 0071).
      { name: 'same sources', isolate: false, include: filesOf(everywhere, same) },
      // What these try is the page itself: its tabs, workers and sockets.
      { name: 'own page', isolate: true, include: filesOf(['browser']) }
    ].map(({ name, isolate, include }) => ({
      extends: true as const,
      test: {
        name,
        isolate,
        include,
        // What a package needs in Node while its tests run in the browser.
        globalSetup: packages
          .map(each => `packages/${each}/test/browser/setup.node.ts`)
          .filter(path => isolate && existsSync(path)),
        browser: browser()
      }
    }))
  }
})
