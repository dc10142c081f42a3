// Status's topics are the same in both protocols; the layer takes a node of either. SPEC: Status specifications 3 and 10.
import { createStatusLayer, type StatusLayer, type StatusLayerDeps } from '@status-stack/whisper/status'
import { createWaku, type WakuDeps, type WakuOptions } from './waku.ts'

export * from '@status-stack/whisper/status'
export { type BridgedLayer, createBridgedLayer } from './bridged-layer.ts'

/**
 * A Waku node with Status's topics as the privacy layer of a composition, made of what a composition hands to its layers.
 *
 * @throws WhisperError `invalid-argument`
 * @example
 * ```ts
 * const layers = { ...defaultLayers(), privacy: deps => createWakuLayer(deps, { interest: 'topics' }) }
 * ```
 */
export function createWakuLayer(
  { store, ...deps }: WakuDeps & StatusLayerDeps = {},
  options: WakuOptions = {}
): StatusLayer {
  return createStatusLayer(createWaku(deps, options), { store })
}
