import { useEffect } from 'preact/hooks'
import type { App } from '../state/app.ts'
import { Elsewhere, GivenUp, Locked } from './locked.tsx'
import { Shell } from './shell.tsx'
import { Make, Recover, Welcome } from './signup.tsx'

/** The whole page: the screen that the app is at. */
export function Page({ app }: { readonly app: App }) {
  const screen = app.screen.value
  // A screen that replaces another begins at its heading, for eyes and for screen readers.
  const step = screen.kind === 'make' ? screen.step : undefined
  useEffect(() => {
    if (screen.kind !== 'loading') document.querySelector<HTMLElement>('h1')?.focus()
  }, [screen.kind, step])
  switch (screen.kind) {
    case 'loading':
      return (
        <main class="card">
          <p>Opening…</p>
        </main>
      )
    case 'no-storage':
      return (
        <main class="card">
          <h1 tabIndex={-1}>This page can keep nothing</h1>
          <p>
            Your browser lets it store no data: in a private window for one, because it was told so, or because the page
            came over http from another machine. Allow it, or open the page in an ordinary window and over https, and
            reload.
          </p>
        </main>
      )
    case 'welcome':
      return <Welcome app={app} />
    case 'make':
      return <Make app={app} signup={screen.signup} step={screen.step} />
    case 'recover':
      return <Recover app={app} />
    case 'locked':
      return <Locked app={app} account={screen.account} />
    case 'elsewhere':
      return <Elsewhere app={app} account={screen.account} />
    case 'given-up':
      return <GivenUp app={app} />
    case 'open':
      return <Shell app={app} messenger={screen.messenger} />
  }
}
