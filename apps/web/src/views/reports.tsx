import type { ComponentChildren } from 'preact'
import type { Notices } from '../state/notices.ts'
import type { Task } from '../state/problem.ts'

/**
 * The one place of a screen where it says what went wrong, whatever it was that did: read out when it appears, and seen wherever one has scrolled to.
 * Below it stand notices, which wait.
 */
export function Reports({
  tasks,
  lasting = [],
  notices
}: {
  readonly tasks: readonly Task[]
  /** What is wrong until something is done about it. */
  readonly lasting?: readonly string[]
  readonly notices?: Notices
}) {
  const failed = new Map<string, readonly Task[]>()
  for (const task of tasks) {
    const { value } = task.problem
    if (value !== undefined) failed.set(value, [...(failed.get(value) ?? []), task])
  }
  return (
    <div class="reports">
      <div role="alert">
        {lasting.map(text => (
          <p key={text} class="problem">
            {text}
          </p>
        ))}
        {[...failed].map(([text, of]) => (
          <Report
            key={text}
            kind="problem"
            onDismiss={() => {
              for (const task of of) task.dismiss()
            }}
          >
            {text}
          </Report>
        ))}
      </div>
      {notices === undefined ? null : (
        <div role="status">
          {notices.all.value.map(({ id, text }) => (
            <Report key={id} kind="notice" onDismiss={() => notices.dismiss(id)}>
              {text}
            </Report>
          ))}
        </div>
      )}
    </div>
  )
}

function Report({
  kind,
  onDismiss,
  children
}: {
  readonly kind: 'problem' | 'notice'
  readonly onDismiss: () => void
  readonly children: ComponentChildren
}) {
  return (
    <p class={kind}>
      {children}{' '}
      <button type="button" class="link" onClick={onDismiss}>
        Dismiss
      </button>
    </p>
  )
}

/** A screen before an account is open: its heading, and below that its reports. */
export function Card({
  title,
  tasks,
  lasting,
  wide = false,
  children
}: {
  readonly title: string
  readonly tasks: readonly Task[]
  readonly lasting?: readonly string[]
  readonly wide?: boolean
  readonly children: ComponentChildren
}) {
  return (
    <main class={wide ? 'card wide' : 'card'}>
      <h1 tabIndex={-1}>{title}</h1>
      <Reports tasks={tasks} {...(lasting === undefined ? {} : { lasting })} />
      {children}
    </main>
  )
}
