import { useSignal } from '@preact/signals'
import type { App } from '../state/app.ts'
import { Field, Form } from './fields.tsx'
import { Accounts } from './signup.tsx'

/** An account that waits for its password. */
export function Locked({ app, account }: { readonly app: App; readonly account: string }) {
  const password = useSignal('')
  return (
    <main class="card">
      <h1 tabIndex={-1}>Unlock your account</h1>
      <p class="key">{app.textOf(account)}</p>
      <Form task={app.task} action="Unlock" onSubmit={() => void app.unlock(password.value)}>
        <Field label="Password" secret autoComplete="current-password" typed={password} />
      </Form>
      <p class="actions">
        <button type="button" class="link" onClick={() => app.goTo('welcome')}>
          Another identity
        </button>
      </p>
      <Accounts app={app} except={account} />
    </main>
  )
}

/** The account is open in another tab. */
export function Elsewhere({ app, account }: { readonly app: App; readonly account: string }) {
  return (
    <main class="card">
      <h1 tabIndex={-1}>Open in another tab</h1>
      <p class="key">{app.textOf(account)}</p>
      <p>
        One tab at a time can use an account: its keys change with every message. This tab waits until the other one is
        closed or locked.
      </p>
      <p class="actions">
        <button type="button" class="main" onClick={app.takeOver}>
          Use it here
        </button>
        <button type="button" onClick={() => app.goTo('welcome')}>
          Another identity
        </button>
      </p>
      <Accounts app={app} except={account} />
    </main>
  )
}

/** Another tab took the account over. */
export function GivenUp({ app }: { readonly app: App }) {
  return (
    <main class="card">
      <h1 tabIndex={-1}>Now in another tab</h1>
      <p>Your account was opened in another tab, and is closed here. Nothing was lost.</p>
      <p class="actions">
        <button type="button" class="main" onClick={app.takeOver}>
          Use it here again
        </button>
      </p>
    </main>
  )
}
