import { BrowserLevel } from 'browser-level'
import { render } from 'preact'
import './style/page.css'
import './style/chats.css'
import './style/inspector.css'
import { createAccountStore } from './platform/account-store.ts'
import { askForLastingStorage } from './platform/lasting-storage.ts'
import { fetchOwnNode } from './platform/node-file.ts'
import { preparePicture, scalePicture } from './platform/pictures.ts'
import { createTabs } from './platform/tabs.ts'
import { installTrustedTypes } from './platform/trusted-types.ts'
import { databaseName, openSession } from './session/open-session.ts'
import { createApp } from './state/app.ts'
import { Page } from './views/app.tsx'

installTrustedTypes(globalThis)

const openDatabase = (name: string) => new BrowserLevel<string, Uint8Array>(name)

/** What a browser refuses throws in some of them, and is missing in others. */
function openChannel(): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel('status-stack web')
  } catch {
    return undefined
  }
}

const app = createApp({
  accounts: createAccountStore(new BrowserLevel<string, string>('status-web accounts')),
  tabs: createTabs(navigator.locks, openChannel()),
  ownNode: () => fetchOwnNode(),
  lastingStorage: () => askForLastingStorage(navigator.storage),
  openSession: (account, keys, addresses) =>
    openSession(account, keys, addresses, { openDatabase, scaleImage: scalePicture }),
  surroundings: { preparePicture, attentive: () => document.visibilityState === 'visible' },
  deleteDatabase: account => BrowserLevel.destroy(databaseName(account))
})

const root = document.getElementById('page')
if (root !== null) render(<Page app={app} />, root)
await app.start()

// The page works without it; with it, also without a network.
if (import.meta.env.PROD) await navigator.serviceWorker?.register('./sw.js').catch(() => undefined)
