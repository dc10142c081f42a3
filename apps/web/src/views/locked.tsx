import { useSignal } from '@preact/signals'
import type { App } from '../state/app.ts'
import { Field, Form } from './fields.tsx'
import { Card } from './reports.tsx'
import { Accounts } from './signup.tsx'

/** An account that waits for its password. */
export function Locked({ app, account }: { readonly app: App; readonly account: string }) {
  const password = useSignal('')
  return (
    <Card title="Unlock your account" tasks={[app.task]}>
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
    </Card>
  )
}

/** The account is open in another tab. */
export function Elsewhere({ app, account }: { readonly app: App; readonly account: string }) {
  return (
    <Card title="Open in another tab" tasks={[app.task]}>
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
    </Card>
  )
}

/** Another tab took the account over. */
export function GivenUp({ app }: { readonly app: App }) {
  return (
    <Card title="Now in another tab" tasks={[app.task]}>
      <p>Your account was opened in another tab, and is closed here. Nothing was lost.</p>
      <p class="actions">
        <button type="button" class="main" onClick={app.takeOver}>
          Use it here again
        </button>
      </p>
    </Card>
  )
}
