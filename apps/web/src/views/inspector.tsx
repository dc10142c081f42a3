import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { PageError } from '../errors.ts'
import { limits } from '../limits.ts'
import type { Inspection } from '../state/inspection.ts'
import { drawnTree } from '../state/layers.ts'
import { Form } from './fields.tsx'
import { LayerTree } from './layer-tree.tsx'

/** Bytes taken apart: what is pasted or dropped, and what the page itself sends and receives. */
export function Inspector({ inspection }: { readonly inspection: Inspection }) {
  const text = useSignal('')
  useEffect(() => () => inspection.record(false), [inspection])
  const takeFile = (file: File | undefined): void => {
    if (file === undefined) return
    if (file.size > limits.inspectedBytes) {
      void inspection.task.run(() =>
        Promise.reject(new PageError('too-large', 'this file is too large to be taken apart'))
      )
    } else void file.arrayBuffer().then(bytes => inspection.inspectBytes(new Uint8Array(bytes)))
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping a file is the short way; the button does the same.
    <div
      class="inspector"
      onDragOver={event => event.preventDefault()}
      onDrop={event => {
        event.preventDefault()
        takeFile(event.dataTransfer?.files[0])
      }}
    >
      <Form task={inspection.task} action="Take apart" onSubmit={() => void inspection.inspectText(text.value)}>
        <p class="field">
          <label for="inspected">Bytes</label>
          <textarea
            id="inspected"
            rows={4}
            spellcheck={false}
            aria-describedby="inspected-hint"
            value={text.value}
            onInput={event => {
              text.value = event.currentTarget.value
            }}
          />
          <span class="hint" id="inspected-hint">
            Hex or base64: a frame, packet, envelope, message, sync payload or wrapper. Or drop a file here.
          </span>
        </p>
      </Form>
      <label class="file">
        Open a file{' '}
        <input
          type="file"
          onChange={event => {
            takeFile(event.currentTarget.files?.[0])
            event.currentTarget.value = ''
          }}
        />
      </label>
      {inspection.recorder === undefined ? null : <Live inspection={inspection} />}
      <Result inspection={inspection} />
    </div>
  )
}

function Result({ inspection }: { readonly inspection: Inspection }) {
  const found = inspection.found.value
  if (found === undefined) return null
  return (
    <section aria-label="Layers" class="result">
      <p role="status">
        {found.length} bytes, {found.layers.length === 1 ? '1 layer' : `${found.layers.length} layers`}
        {found.innermost.length === 0 ? '' : `, innermost: ${found.innermost.join(', ')}`}
      </p>
      <LayerTree node={drawnTree(found.tree)} />
    </section>
  )
}

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })

/** The page's own packets, and what each layer did. */
function Live({ inspection }: { readonly inspection: Inspection }) {
  const { recorder, trace } = inspection
  if (recorder === undefined) return null
  const on = recorder.on.value
  return (
    <section aria-label="Messages of this page">
      <label class="check">
        <input type="checkbox" checked={on} onChange={event => inspection.record(event.currentTarget.checked)} />
        Record the packets of this page while the inspector is open
      </label>
      {on ? (
        <div class="live">
          <section>
            <h3>Packets</h3>
            <ol class="plain">
              {recorder.packets.value.map(packet => (
                <li key={packet.id}>
                  <button type="button" class="link" onClick={() => void inspection.inspectRecorded(packet)}>
                    {time.format(packet.atMs)} {packet.direction === 'in' ? 'from' : 'to'} {packet.peer},{' '}
                    {packet.bytes.length} bytes
                  </button>
                </li>
              ))}
            </ol>
          </section>
          <section>
            <h3>What the layers did</h3>
            <ol class="plain trace">
              {trace.value.map(({ id, layer, direction, did, bytesIn, bytesOut, protection, ms }) => (
                <li key={id}>
                  <strong>{layer}</strong> {direction}: {did}, {bytesIn} → {bytesOut} bytes
                  {protection === undefined ? '' : `, ${protection}`}, {Math.round(ms)} ms
                </li>
              ))}
            </ol>
          </section>
        </div>
      ) : null}
    </section>
  )
}
