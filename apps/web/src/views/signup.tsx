import { signal, useSignal } from '@preact/signals'
import { counted } from '@status-stack/utils'
import { useState } from 'preact/hooks'
import type { App } from '../state/app.ts'
import type { Signup } from '../state/signup.ts'
import { Field, Form } from './fields.tsx'
import { Inspector } from './inspector.tsx'
import { Card } from './reports.tsx'

/** The first screen of a browser without an account. */
export function Welcome({ app }: { readonly app: App }) {
  return (
    <Card
      title="Status Stack"
      wide
      tasks={[app.task, app.inspection.task]}
      lasting={
        app.damaged.value > 0
          ? [`${counted(app.damaged.value, 'stored account')} cannot be read: recover the identity from its words.`]
          : []
      }
    >
      <p>
        A messenger of the Status protocol of 2019 in one page. Your identity is made here and stays in this browser,
        encrypted under a password of yours.
      </p>
      <p class="actions">
        <button type="button" class="main" onClick={() => app.goTo('make')}>
          Make an identity
        </button>
        <button type="button" onClick={() => app.goTo('recover')}>
          Recover one
        </button>
      </p>
      <Accounts app={app} />
      <details class="inspect">
        <summary>Take bytes apart without an account</summary>
        <Inspector inspection={app.inspection} />
      </details>
    </Card>
  )
}

/** The accounts of this browser, to choose from. */
export function Accounts({ app, except }: { readonly app: App; readonly except?: string }) {
  const others = app.accounts.value.filter(account => account !== except)
  if (others.length === 0) return null
  return (
    <section>
      <h2>Accounts in this browser</h2>
      <ul class="plain">
        {others.map(account => (
          <li key={account}>
            <button type="button" class="key" onClick={() => void app.choose(account)}>
              {app.textOf(account)}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Two lines for a new password. */
function Passwords({
  password,
  repeated
}: {
  readonly password: { value: string }
  readonly repeated: { value: string }
}) {
  return (
    <>
      <Field
        label="Password"
        secret
        autoComplete="new-password"
        hint="At least 8 characters. It encrypts what this browser keeps; no one can reset it."
        typed={password}
      />
      <Field label="Password again" secret autoComplete="new-password" typed={repeated} />
    </>
  )
}

/** The words of a new identity, then some of them typed again. */
export function Make({
  app,
  signup,
  step
}: {
  readonly app: App
  readonly signup: Signup
  readonly step: 'words' | 'confirm'
}) {
  return step === 'words' ? <Words app={app} signup={signup} /> : <Confirm app={app} signup={signup} />
}

function Words({ app, signup }: { readonly app: App; readonly signup: Signup }) {
  return (
    <Card title="Write these words down" tasks={[app.task]}>
      <p>
        They are your identity. Anyone who has them can write in your name; without them nothing brings your identity
        back when this browser is lost.
      </p>
      <ol class="words" aria-label="Recovery phrase">
        {signup.words.map((word, at) => (
          <li key={at}>{word}</li>
        ))}
      </ol>
      <p class="actions">
        <button type="button" class="main" onClick={() => app.goTo('confirm')}>
          I have written them down
        </button>
        <button type="button" onClick={() => app.goTo('welcome')}>
          Back
        </button>
      </p>
    </Card>
  )
}

function Confirm({ app, signup }: { readonly app: App; readonly signup: Signup }) {
  const [words] = useState(() => signup.asked.map(place => ({ place, typed: signal('') })))
  const password = useSignal('')
  const repeated = useSignal('')
  return (
    <Card title="Confirm the words" tasks={[app.task]}>
      <Form
        task={app.task}
        action="Make the identity"
        onSubmit={() =>
          void app.make(
            words.map(({ typed }) => typed.value),
            password.value,
            repeated.value
          )
        }
      >
        {words.map(({ place, typed }) => (
          <Field key={place} label={`Word ${place + 1}`} typed={typed} />
        ))}
        <Passwords password={password} repeated={repeated} />
      </Form>
      <button type="button" class="link" onClick={() => app.goTo('make')}>
        Show the words again
      </button>
    </Card>
  )
}

/** The words of an identity that exists. */
export function Recover({ app }: { readonly app: App }) {
  const phrase = useSignal('')
  const password = useSignal('')
  const repeated = useSignal('')
  return (
    <Card title="Recover an identity" tasks={[app.task]}>
      <Form
        task={app.task}
        action="Recover"
        onSubmit={() => void app.recover(phrase.value, password.value, repeated.value)}
      >
        <Field label="Recovery phrase" hint="12 to 24 English words with spaces between." typed={phrase} />
        <Passwords password={password} repeated={repeated} />
      </Form>
      <button type="button" class="link" onClick={() => app.goTo('welcome')}>
        Back
      </button>
    </Card>
  )
}
