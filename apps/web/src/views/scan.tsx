import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { scanCode } from '../platform/camera.ts'
import type { Messenger } from '../state/messenger.ts'

/** Reads an invite with the camera, and opens the conversation. */
export function Scan({ messenger }: { readonly messenger: Messenger }) {
  const looking = useSignal(false)
  return (
    <section>
      <h3>Scan an invite</h3>
      {looking.value ? (
        <Camera
          onText={text => {
            looking.value = false
            if (text !== undefined) void messenger.openTarget(text)
          }}
          messenger={messenger}
        />
      ) : (
        <button
          type="button"
          onClick={() => {
            looking.value = true
          }}
        >
          Use the camera
        </button>
      )}
    </section>
  )
}

function Camera({
  messenger,
  onText
}: {
  readonly messenger: Messenger
  readonly onText: (text: string | undefined) => void
}) {
  const video = useRef<HTMLVideoElement>(null)
  const done = useRef(onText)
  done.current = onText
  useEffect(() => {
    const { current } = video
    if (current === null) return
    const stop = new AbortController()
    scanCode(current, stop.signal).then(
      text => done.current(text),
      error => {
        if (stop.signal.aborted) return
        void messenger.task.run(() => Promise.reject(error))
        done.current(undefined)
      }
    )
    return () => stop.abort()
  }, [messenger])
  return (
    <>
      <video ref={video} class="camera" muted playsInline aria-label="Picture of the camera" />
      <p>
        <button type="button" onClick={() => onText(undefined)}>
          Stop
        </button>
      </p>
    </>
  )
}
