import type { SecurityLayer } from '@status-stack/interface'
import { createBoundedMap } from '@status-stack/utils'
import { publicKeyHex } from '../ids.ts'
import { limits } from '../limits.ts'

/**
 * A security layer that is asked no second time for the devices of a person until something may have changed them. Each message asks for them
 * several times, and each answer reads a record with all sessions of that person, behind whatever is being sealed or opened.
 */
export function rememberDevices<Receipt>(layer: SecurityLayer<Receipt>): SecurityLayer<Receipt> {
  // BOUNDED: limits.devicesRemembered
  const known = createBoundedMap<string, Awaited<ReturnType<typeof layer.devices>>>({
    maxEntries: limits.devicesRemembered
  })
  /** Calls under way that may change something, and how many there were. */
  let changing = 0
  let changes = 0

  const changed = async <T>(work: Promise<T>): Promise<T> => {
    changing += 1
    changes += 1
    known.clear()
    try {
      return await work
    } finally {
      changing -= 1
    }
  }

  return {
    sealedSize: (length, to) => layer.sealedSize(length, to),
    maxPlaintext: (limit, to) => layer.maxPlaintext(limit, to),
    initialEffects: () => layer.initialEffects(),
    seal: (bytes, to) => changed(layer.seal(bytes, to)),
    open: (bytes, from) => changed(layer.open(bytes, from)),
    confirm: receipt => changed(layer.confirm(receipt)),
    enable: (installationId, on) => changed(layer.enable(installationId, on)),
    expire: options => changed(layer.expire(options)),
    devices: async identity => {
      const name = publicKeyHex(identity)
      const found = known.touch(name)
      if (found !== undefined) return found
      const before = changes
      const devices = await layer.devices(identity)
      if (changing === 0 && changes === before) known.set(name, devices)
      return devices
    }
  }
}
