import { decodeRlp, splitRlpList } from '@status-stack/rlp'
import { attempt, type Details, leftOut, type Node, refusalOf, shownBytes, type Tree } from './tree.ts'

/** One element of a list: its name, its own elements, and what to say of its bytes. */
export interface Element {
  readonly name: string
  readonly elements?: readonly Element[]
  /** Every element of the list is one of these. */
  readonly each?: Element
  /** Reads the content of a string element, or `undefined` for the encoded item of `whole`. */
  readonly read?: (content: Uint8Array) => Details
  /** Reads the element with its header, whatever it is; its parts replace those found here. */
  readonly whole?: (encoded: Uint8Array) => readonly Node[]
}

/** The elements of an RLP list as nodes, with ranges within `base`; an element's range holds its header. */
export function rlpNodes(
  tree: Tree,
  base: Uint8Array,
  list: Uint8Array,
  names: Pick<Element, 'elements' | 'each'>,
  depth = 0
): readonly Node[] {
  const start = list.byteOffset - base.byteOffset
  const { value: items, refusal } = attempt(() => splitRlpList(list, tree.limits.nodes))
  if (items === undefined) {
    return [tree.node('unreadable', start, start + list.length, refusal === undefined ? {} : { refusal })]
  }
  const nodes: Node[] = []
  for (const [index, item] of items.entries()) {
    const at = item.byteOffset - base.byteOffset
    // BOUNDED: nodes
    if (tree.full()) return [...nodes, leftOut(at, start + list.length)]
    const element = names.each ?? names.elements?.[index] ?? { name: `element ${index} (unknown)` }
    nodes.push(tree.node(element.name, at, at + item.length, elementDetails(tree, base, item, element, depth)))
  }
  return nodes
}

function elementDetails(tree: Tree, base: Uint8Array, item: Uint8Array, element: Element, depth: number): Details {
  if (element.whole !== undefined) return { children: element.whole(item) }
  if ((item[0] ?? 0) >= 0xc0) {
    // BOUNDED: depth
    if (depth + 1 >= tree.limits.depth) {
      return { refusal: { code: 'too-deep', message: 'lists nested too deep' } }
    }
    return { children: rlpNodes(tree, base, item, element, depth + 1) }
  }
  try {
    const content = decodeRlp(item, { maxDepth: 0, maxItems: 1 })
    if (!(content instanceof Uint8Array)) return {}
    return { value: shownBytes(content, tree.limits), ...element.read?.(content) }
  } catch (error) {
    return { value: shownBytes(item, tree.limits), refusal: refusalOf(error) }
  }
}

/** Details of an unsigned integer of at most `bits` bits. */
export function integer(
  name: string,
  read: (content: Uint8Array) => number | bigint,
  meaning?: (value: bigint) => string | undefined
): Element {
  return {
    name,
    read: content => {
      const { value, refusal } = attempt(() => read(content))
      if (value === undefined) return refusal === undefined ? {} : { refusal }
      const said = meaning?.(BigInt(value))
      return { value: String(value), ...(said === undefined ? {} : { meaning: said }) }
    }
  }
}
