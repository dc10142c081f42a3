/** What became of an accepted message. A refusal that is not final comes again. */
export type Applied =
  | { readonly kind: 'applied' }
  /** Nothing of it is stored: what it says is known (a copy, our own message coming back), or it says nothing that we keep. */
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'refused'; readonly layer: 'data' | 'quota'; readonly reason: string; readonly final: boolean }

export const applied: Applied = { kind: 'applied' }

export const duplicate: Applied = { kind: 'duplicate' }

export function refused(
  reason: string,
  layer: 'data' | 'quota' = 'data',
  final = true
): Extract<Applied, { kind: 'refused' }> {
  return { kind: 'refused', layer, reason, final }
}
