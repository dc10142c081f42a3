import type { Accepted, DataLayer } from '@status-stack/interface'

/**
 * A data layer with a rule of one's own on top: what `isUnwanted` says of a received message is refused for good, before anything
 * of it is stored. All else stays with the layer underneath.
 */
export function withRule(data: DataLayer, isUnwanted: (message: Accepted) => boolean): DataLayer {
  return {
    ...data,
    admit: (accepted, known) =>
      !accepted.fromSelf && isUnwanted(accepted)
        ? { kind: 'refused', reason: 'house-rule', final: true }
        : data.admit(accepted, known)
  }
}
