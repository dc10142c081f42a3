import type { ComponentChildren, TargetedInputEvent } from 'preact'
import { useId } from 'preact/hooks'
import type { Task } from '../state/problem.ts'

/** Where a field keeps its text: a signal. */
export interface Typed {
  value: string
}

/** A labelled line to type into. */
export function Field({
  label,
  hint,
  typed,
  secret = false,
  autoComplete = 'off',
  required = false
}: {
  readonly label: string
  readonly hint?: string
  /** Holds what is typed. */
  readonly typed: Typed
  /** What is typed is not shown. */
  readonly secret?: boolean
  readonly autoComplete?: 'off' | 'new-password' | 'current-password'
  readonly required?: boolean
}) {
  const id = useId()
  const shared = {
    id,
    value: typed.value,
    required,
    autocomplete: autoComplete,
    autocapitalize: 'none',
    spellcheck: false,
    'aria-describedby': hint === undefined ? undefined : `${id}-hint`,
    onInput: (event: TargetedInputEvent<HTMLInputElement>) => {
      typed.value = event.currentTarget.value
    }
  } as const
  return (
    <p class="field">
      <label for={id}>{label}</label>
      {secret ? <input type="password" {...shared} /> : <input type="text" {...shared} />}
      {hint === undefined ? null : (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </p>
  )
}

/** A labelled box to tick. */
export function Tick({
  ticked,
  children
}: {
  readonly ticked: { value: boolean }
  readonly children: ComponentChildren
}) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={ticked.value}
        onChange={event => {
          ticked.value = event.currentTarget.checked
        }}
      />
      {children}
    </label>
  )
}

/** A form that sends nothing anywhere: it calls `onSubmit`. */
export function Form({
  task,
  action,
  onSubmit,
  children
}: {
  readonly task: Task
  readonly action: string
  readonly onSubmit: () => void
  readonly children: ComponentChildren
}) {
  const busy = task.busy.value
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        onSubmit()
      }}
    >
      {children}
      <p class="actions">
        <button type="submit" class="main" disabled={busy}>
          {busy ? 'One moment…' : action}
        </button>
      </p>
    </form>
  )
}

/** A step that cannot be taken back: it is one more press away, and says what it does. */
export function Final({
  label,
  consequence,
  action,
  onSure
}: {
  readonly label: string
  readonly consequence: string
  readonly action: string
  readonly onSure: () => void
}) {
  return (
    <details class="final">
      <summary>{label}</summary>
      <p>{consequence}</p>
      <button type="button" onClick={onSure}>
        {action}
      </button>
    </details>
  )
}
