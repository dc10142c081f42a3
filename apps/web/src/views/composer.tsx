import { useEffect, useRef } from 'preact/hooks'
import { readPicture } from '../platform/pictures.ts'
import type { Conversation } from '../state/conversation.ts'
import type { Messenger } from '../state/messenger.ts'
import { textParts } from '../state/text-parts.ts'

/** Where a message is written: Enter sends, Shift and Enter begins a line. */
export function Composer({
  conversation,
  messenger
}: {
  readonly conversation: Conversation
  readonly messenger: Messenger
}) {
  const { draft, replyTo, editing, task } = conversation
  const box = useRef<HTMLTextAreaElement>(null)
  const file = useRef<HTMLInputElement>(null)
  const send = (): void => void conversation.send().then(() => box.current?.focus())
  useEffect(() => {
    if (editing.value !== undefined || replyTo.value !== undefined) box.current?.focus()
  }, [editing.value, replyTo.value])
  const choose = (chosen: File | undefined): void => {
    if (chosen === undefined) return
    void readPicture(chosen).then(
      bytes => conversation.sendPicture(bytes),
      error => task.run(() => Promise.reject(error))
    )
  }
  return (
    <form
      class="composer"
      onSubmit={event => {
        event.preventDefault()
        send()
      }}
    >
      <Context conversation={conversation} messenger={messenger} />
      <label class="hidden" for="message-text">
        Message
      </label>
      <textarea
        id="message-text"
        ref={box}
        rows={2}
        dir="auto"
        placeholder="Write a message"
        value={draft.value}
        onInput={event => {
          draft.value = event.currentTarget.value
        }}
        onKeyDown={event => {
          // While an input method composes a letter, Enter is its own.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
          event.preventDefault()
          send()
        }}
      />
      <div class="actions">
        <input
          ref={file}
          type="file"
          class="hidden"
          tabIndex={-1}
          aria-label="Choose a picture"
          accept="image/png,image/jpeg,image/gif,image/webp"
          onChange={event => {
            choose(event.currentTarget.files?.[0])
            event.currentTarget.value = ''
          }}
        />
        <button
          type="button"
          onClick={() => file.current?.click()}
          disabled={task.busy.value || editing.value !== undefined}
        >
          Picture
        </button>
        <button type="submit" class="main" disabled={task.busy.value}>
          {editing.value === undefined ? 'Send' : 'Change'}
        </button>
      </div>
    </form>
  )
}

/** What the message will be: an answer, or a change. */
function Context({ conversation, messenger }: { readonly conversation: Conversation; readonly messenger: Messenger }) {
  const { replyTo, editing } = conversation
  const message = editing.value ?? replyTo.value
  if (message === undefined) return null
  return (
    <p class="context">
      {editing.value === undefined ? `Answer to ${messenger.people.nameOf(message.author)}: ` : 'Change of: '}
      <bdi>
        {textParts(message.text)
          .map(part => part.text)
          .join('')
          .slice(0, 80)}
      </bdi>{' '}
      <button type="button" class="link" onClick={conversation.cancel}>
        Cancel
      </button>
    </p>
  )
}
