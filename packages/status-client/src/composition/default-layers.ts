import { dataLayer } from '@status-stack/status-data'
import { createNullSealer, createSealer, type Receipt } from '@status-stack/status-pfs'
import { createSync } from '@status-stack/status-sync'
import { createWhisper, type Interest, type Route, type WhisperOptions } from '@status-stack/whisper'
import { createStatusLayer } from '@status-stack/whisper/status'
import { limits } from '../limits.ts'
import type { Layers } from './layers.ts'

/**
 * The layers of the 2019 network: Whisper, X3DH with the Double Ratchet, MVDS, and the payloads of status-go 0.56.10.
 *
 * @param whisper values for the Whisper node
 * @example
 * ```ts
 * const layers = { ...defaultLayers(), privacy: () => myPrivacyLayer() }
 * ```
 */
export function defaultLayers(whisper: WhisperOptions = {}): Layers<Route, Interest, Receipt> {
  return {
    privacy: ({ clock, random, logger, store }) =>
      createStatusLayer(createWhisper({ clock, random, logger }, whisper), { store }),
    security: async ({ installationId, logger: _, ...deps }) => {
      const sealed = await createSealer(deps, { installationId })
      return { sealed, plain: createNullSealer(sealed) }
    },
    sync: ({ times, acknowledged, identity: _, ...deps }) =>
      createSync(deps, {
        ...times,
        mode: acknowledged ? 'batch' : 'direct',
        limits: { maxOutcomes: limits.syncOutcomes }
      }),
    data: dataLayer
  }
}
