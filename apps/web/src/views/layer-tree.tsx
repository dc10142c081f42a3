import { printable } from '@status-stack/utils'
import { type DrawnNode, layerFacts, sizeText } from '../state/layers.ts'

/** A part of a blob: a layer as a box of its own, anything else as a line; what is inside stands inside. */
export function LayerTree({ node }: { readonly node: DrawnNode }) {
  return node.layer === undefined ? <Part node={node} /> : <Layer node={node} />
}

function Layer({ node }: { readonly node: DrawnNode }) {
  const { title, clause } = layerFacts[node.layer ?? 'unknown']
  return (
    <details class={`layer ${node.layer}`} open>
      <summary>
        <strong>{node.name === node.layer ? title : `${title}: ${printable(node.name)}`}</strong>{' '}
        <span class="size">{sizeText(node)}</span> <span class="clause">{clause}</span>
      </summary>
      <Facts node={node} />
      <Children node={node} />
    </details>
  )
}

function Part({ node }: { readonly node: DrawnNode }) {
  return (
    <div class="part">
      <p>
        <span class="name">{printable(node.name)}</span> <span class="size">{sizeText(node)}</span>{' '}
        {node.value === undefined ? null : (
          <code>
            <bdi>{printable(node.value)}</bdi>
          </code>
        )}
      </p>
      <Facts node={node} />
      <Children node={node} />
    </div>
  )
}

function Facts({ node }: { readonly node: DrawnNode }) {
  const { meaning, refusal } = node
  return (
    <>
      {meaning === undefined ? null : <p class="meaning">{printable(meaning)}</p>}
      {refusal === undefined ? null : (
        <p class="refusal">
          {refusal.missingKey === true ? 'No key: ' : 'Refused: '}
          {printable(refusal.message)} ({refusal.code})
        </p>
      )}
    </>
  )
}

function Children({ node }: { readonly node: DrawnNode }) {
  return (
    <>
      {node.children.map((child, at) => (
        <LayerTree key={at} node={child} />
      ))}
      {node.leftOut === 0 ? null : <p class="hint">{node.leftOut} more parts are not drawn.</p>}
    </>
  )
}
