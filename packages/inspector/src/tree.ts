import { bytesToHex } from '@status-stack/crypto'
import { limits as defaults, type InspectLimits } from './limits.ts'

/** Layers by name, outermost first; what `layer` of a node says. */
export type LayerName =
  | 'rlpx-frame'
  | 'whisper-packet'
  | 'envelope'
  | 'whisper-message'
  | 'protocol-message'
  | 'ratchet-plaintext'
  | 'static-plaintext'
  | 'sync-payload'
  | 'wrapper'
  | 'payload'
  | 'unknown'

/** Why something was not taken: the code of the package that refuses it, and a sentence. */
export interface Refusal {
  /** As the package that refuses it names it, such as `bad-mac`. */
  readonly code: string
  /** A sentence for people, without content. */
  readonly message: string
  /** The bytes may be right, but no key given opens them. */
  readonly missingKey?: boolean
}

/**
 * One part of a blob. `start` and `end` count bytes within the nearest layer node above, or within the node itself if it
 * is a layer: a decrypted or decompressed layer has bytes of its own.
 */
export interface Node {
  /** What the part is, in the words of its specification. */
  readonly name: string
  /** Offset of its first byte. */
  readonly start: number
  /** Offset behind its last byte. */
  readonly end: number
  /** Set where a layer begins: bytes are counted from 0 below it. */
  readonly layer?: LayerName
  /** The bytes as they are read: hex, number or text, cut where they are long. */
  readonly value?: string
  /** What the value says, in words. */
  readonly meaning?: string
  /** Why it, or what lies inside, was not taken. */
  readonly refusal?: Refusal
  /** In the order of their bytes. */
  readonly children?: readonly Node[]
}

export type Details = Omit<Node, 'name' | 'start' | 'end' | 'layer'>

/** Makes nodes until the bound of one blob is reached. */
export interface Tree {
  readonly limits: InspectLimits
  readonly node: (name: string, start: number, end: number, details?: Details) => Node
  /** A layer of its own: its ranges start at 0. */
  readonly layer: (layer: LayerName, length: number, details?: Omit<Details, 'value'>, name?: string) => Node
  /** Whether another node still fits; callers stop making nodes then. */
  readonly full: () => boolean
}

export function createTree(limits: InspectLimits = defaults): Tree {
  let left = limits.nodes
  const make = (node: Node): Node => {
    left--
    return node
  }
  return {
    limits,
    full: () => left <= 0,
    node: (name, start, end, details = {}) => make({ name, start, end, ...details }),
    layer: (layer, length, details = {}, name = layer) => make({ name, start: 0, end: length, layer, ...details })
  }
}

/** What stands where the bound of nodes cut the tree. */
export function leftOut(start: number, end: number): Node {
  return {
    name: 'left-out',
    start,
    end,
    refusal: { code: 'too-many-nodes', message: 'more parts than are shown for one blob' }
  }
}

export function refusal(code: string, message: string): Refusal {
  return { code, message }
}

export function missingKey(code: string, message: string): Refusal {
  return { code, message, missingKey: true }
}

/** The refusal that a typed error of one of our packages says, with what lies behind it. */
export function refusalOf(error: unknown, fallback = 'malformed'): Refusal {
  const { code, message, cause } = (typeof error === 'object' && error !== null ? error : {}) as {
    readonly code?: unknown
    readonly message?: unknown
    readonly cause?: unknown
  }
  const why = cause === undefined ? '' : `: ${refusalOf(cause, 'unreadable').message}`
  return refusal(
    typeof code === 'string' ? code : fallback,
    `${typeof message === 'string' ? message : 'unreadable'}${why}`
  )
}

/** Runs a reader of one of our packages: what it gives, or the refusal it throws. */
export function attempt<T>(read: () => T, fallback?: string): { readonly value?: T; readonly refusal?: Refusal } {
  try {
    return { value: read() }
  } catch (error) {
    return { refusal: refusalOf(error, fallback) }
  }
}

/** Bytes as people read them: all of them when short, else the beginning and the length. */
export function shownBytes(bytes: Uint8Array, limits: InspectLimits = defaults): string {
  if (bytes.length <= limits.shownBytes) return `0x${bytesToHex(bytes)}`
  return `0x${bytesToHex(bytes.subarray(0, limits.shownBytes))}… (${bytes.length} bytes)`
}

export function shownText(text: string, limits: InspectLimits = defaults): string {
  if (text.length <= limits.shownText) return text
  return `${text.slice(0, limits.shownText)}… (${text.length} characters)`
}

/** Every refusal in a tree with the layer it belongs to, in order. */
export function refusalsOf(root: Node): readonly (Refusal & { readonly layer: LayerName; readonly at: string })[] {
  const found: (Refusal & { readonly layer: LayerName; readonly at: string })[] = []
  const walk = (node: Node, layer: LayerName): void => {
    const own = node.layer ?? layer
    if (node.refusal !== undefined) found.push({ layer: own, at: node.name, ...node.refusal })
    for (const child of node.children ?? []) walk(child, own)
  }
  walk(root, root.layer ?? 'unknown')
  return found
}

/** The layers of a tree, each once, in the order they were met. */
export function layersOf(root: Node): readonly LayerName[] {
  const layers = new Set<LayerName>()
  const walk = (node: Node): void => {
    if (node.layer !== undefined) layers.add(node.layer)
    node.children?.forEach(walk)
  }
  walk(root)
  return [...layers]
}
