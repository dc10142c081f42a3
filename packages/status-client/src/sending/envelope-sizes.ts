import type { Audience, PrivacyLayer, SecurityLayer } from '@status-stack/interface'
import { createBoundedMap } from '@status-stack/utils'
import { type Core, isSelf } from '../composition/core.ts'
import { publicKeyHex } from '../ids.ts'
import type { PublicKey } from '../types.ts'
import { destinationOf, recipientOf } from './recipients.ts'

/** How long a size is believed, ms: a person may get a new device at any time. */
const sizeMemoryMs = 60_000
const peopleRemembered = 10_000

export interface SizePorts<Route> {
  readonly privacy: Pick<PrivacyLayer<Route>, 'payloadLimit' | 'planRoute'>
  readonly sealerFor: (person: PublicKey | undefined) => Pick<SecurityLayer, 'maxPlaintext'>
}

export interface EnvelopeSizes {
  /** Longest bytes that fit one envelope to this audience now. */
  readonly maxBytes: (to: Audience) => Promise<number>
  /** Its devices changed: sizes have to be asked for again. */
  readonly forget: (identity: PublicKey) => void
}

/** How much fits into one envelope for whom; asked for each payload of sync, so remembered for a while. */
export function createSizes<Route>(
  core: Pick<Core, 'self' | 'clock'>,
  { privacy, sealerFor }: SizePorts<Route>
): EnvelopeSizes {
  // BOUNDED: peopleRemembered, oldest evicted
  const sizes = createBoundedMap<string, { readonly bytes: number; readonly untilMs: number }>({
    maxEntries: peopleRemembered
  })
  return {
    maxBytes: async to => {
      const recipient = recipientOf(to, core.self)
      const name = recipient === undefined ? to.kind : publicKeyHex(recipient)
      const known = sizes.get(name)
      if (known !== undefined && known.untilMs > core.clock.nowMs()) return known.bytes
      const route = await privacy.planRoute(destinationOf(to, core.self))
      const bytes = await sealerFor(recipient).maxPlaintext(privacy.payloadLimit(route), to)
      sizes.set(name, { bytes, untilMs: core.clock.nowMs() + sizeMemoryMs })
      return bytes
    },
    forget: identity => {
      sizes.delete(publicKeyHex(identity))
      if (isSelf(core, identity)) sizes.clear()
    }
  }
}
