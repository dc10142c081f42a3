import { useSignal } from '@preact/signals'
import { PageError } from '../errors.ts'
import type { App } from '../state/app.ts'
import { codePath } from '../state/invite.ts'
import type { Messenger } from '../state/messenger.ts'
import { Tick } from './fields.tsx'
import { Scan } from './scan.tsx'

/** One's own key, to be passed on. */
export function Me({ app, messenger }: { readonly app: App; readonly messenger: Messenger }) {
  const { invite, keyText } = messenger
  return (
    <main class="page">
      <h2>My key</h2>
      <p>
        <code class="key" data-own-key>
          {keyText}
        </code>
      </p>
      <h3>Invite link</h3>
      <p>
        <code class="key" data-invite>
          {invite.link}
        </code>
      </p>
      <Copy text={invite.link} messenger={messenger} />
      <Code code={invite.code} />
      <Scan messenger={messenger} />
      {app.lasting.value === false ? (
        <p class="hint">
          This browser has not promised to keep what is stored here: when its disk is full, or when you do not come for
          a while, it may delete your messages and this account. Only the recovery phrase brings the identity back then.
        </p>
      ) : null}
      <Danger app={app} />
    </main>
  )
}

function Code({ code }: { readonly code: Messenger['invite']['code'] }) {
  const size = code.length
  return (
    <svg class="code" role="img" aria-label="QR code of my key" viewBox={`0 0 ${size} ${size}`}>
      <rect width={size} height={size} fill="#ffffff" />
      <path d={codePath(code)} fill="#000000" />
    </svg>
  )
}

function Copy({ text, messenger }: { readonly text: string; readonly messenger: Messenger }) {
  const copied = useSignal(false)
  const copy = async (): Promise<void> => {
    copied.value = await messenger.task.run(() =>
      navigator.clipboard.writeText(text).catch(() => {
        throw new PageError('not-copied', 'the browser did not let the link be copied: select it above')
      })
    )
  }
  return (
    <p>
      <button type="button" onClick={() => void copy()}>
        Copy the link
      </button>{' '}
      <span role="status">{copied.value ? 'Copied' : ''}</span>
    </p>
  )
}

function Danger({ app }: { readonly app: App }) {
  const sure = useSignal(false)
  return (
    <details>
      <summary>Remove this account from this browser</summary>
      <p>Its messages are gone then. Only the recovery phrase brings the identity back.</p>
      <Tick ticked={sure}>I have the recovery phrase</Tick>
      <button type="button" disabled={!sure.value} onClick={() => void app.remove()}>
        Remove
      </button>
    </details>
  )
}
