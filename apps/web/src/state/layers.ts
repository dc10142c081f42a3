import type { LayerName, Node } from '@status-stack/inspector'
import { limits } from '../limits.ts'

/** What a layer is, for a person: its name and the clause that defines it. */
export interface LayerFacts {
  readonly title: string
  readonly clause: string
}

/** Every layer of the inspector. */
export const layerFacts: Readonly<Record<LayerName, LayerFacts>> = {
  'rlpx-frame': { title: 'RLPx frame', clause: 'devp2p: RLPx, framing' },
  'whisper-packet': { title: 'Whisper packet', clause: 'EIP-627: packet codes' },
  envelope: { title: 'Envelope', clause: 'EIP-627: Whisper envelope' },
  'whisper-message': { title: 'Message', clause: 'EIP-627: contents of data; 3/WHISPER-USAGE' },
  'protocol-message': { title: 'Protocol message', clause: '5/SECURE-TRANSPORT: ProtocolMessage' },
  'ratchet-plaintext': { title: 'Opened with a ratchet', clause: '5/SECURE-TRANSPORT: Double Ratchet' },
  'static-plaintext': { title: 'Opened with an identity key', clause: '5/SECURE-TRANSPORT: DH without a bundle' },
  'sync-payload': { title: 'Sync payload', clause: '2/MVDS: payload' },
  wrapper: { title: 'Wrapper', clause: '6/PAYLOADS: ApplicationMetadataMessage' },
  payload: { title: 'Payload', clause: '6/PAYLOADS' },
  unknown: { title: 'Unknown bytes', clause: '' }
}

/** A part of a tree with only as many parts below it as are drawn. */
export interface DrawnNode extends Omit<Node, 'children'> {
  readonly children: readonly DrawnNode[]
  /** Parts below it that are not drawn. */
  readonly leftOut: number
}

/** A tree as it is drawn: at most `limits.partsShown` parts, those of outer layers first. */
export function drawnTree(root: Node, most: number = limits.partsShown): DrawnNode {
  // By levels, so that what is outside is never pushed out by what is deep inside.
  const kept = new Set<Node>()
  let level: readonly Node[] = [root]
  while (level.length > 0 && kept.size < most) {
    for (const node of level) if (kept.size < most) kept.add(node)
    level = level.flatMap(({ children = [] }) => children)
  }
  const draw = (node: Node): DrawnNode => {
    const { children = [], ...rest } = node
    const shown = children.filter(child => kept.has(child))
    return { ...rest, children: shown.map(draw), leftOut: children.length - shown.length }
  }
  return draw(root)
}

/** The bytes of a part within the layer above it. */
export function sizeText({ start, end }: Pick<Node, 'start' | 'end'>): string {
  const size = end - start
  return size === 1 ? '1 byte' : `${size} bytes`
}
