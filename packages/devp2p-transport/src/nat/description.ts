import { limits } from '../limits.ts'
import { tagsOf } from './xml.ts'

/** What is searched for. A gateway of version 2 often answers a search for version 1, too. */
export const gatewayTypes: readonly string[] = [2, 1].map(
  version => `urn:schemas-upnp-org:device:InternetGatewayDevice:${version}`
)
const services = ['WANIPConnection:2', 'WANIPConnection:1', 'WANPPPConnection:1'].map(
  name => `urn:schemas-upnp-org:service:${name}`
)

/** One service of a gateway and where it takes commands. */
export interface Service {
  readonly type: string
  readonly control: URL
}

interface Description {
  deviceType: string | undefined
  base: string | undefined
  readonly services: { type?: string; path?: string }[]
}

/** What is used of a description. BOUNDED: `limits.upnpServices`. */
function read(xml: string): Description {
  const found: Description = { deviceType: undefined, base: undefined, services: [] }
  let current: { type?: string; path?: string } | undefined
  for (const { name, closing, text } of tagsOf(xml)) {
    if (name === 'service') {
      current = closing ? undefined : {}
      if (current !== undefined && found.services.push(current) >= limits.upnpServices) return found
    } else if (closing) continue
    else if (name === 'deviceType') found.deviceType ??= text
    else if (name === 'URLBase') found.base ??= text
    else if (current !== undefined && name === 'serviceType') current.type ??= text
    else if (current !== undefined && name === 'controlURL') current.path ??= text
  }
  return found
}

/** Finds the service that maps ports in the description of a device. Undefined where there is none we can use. */
export function findService(xml: string, location: URL): Service | undefined {
  const { deviceType, base, services: offered } = read(xml)
  if (!gatewayTypes.includes(deviceType ?? '')) return undefined
  for (const { type, path } of offered) {
    if (type === undefined || path === undefined || !services.includes(type)) continue
    try {
      const control = new URL(path, base === undefined || base === '' ? location : base)
      // As in the search: commands go to the device that announced itself, to nobody else.
      if (control.protocol === 'http:' && control.hostname === location.hostname) return { type, control }
    } catch {
      // Not a URL: the next service may have one.
    }
  }
  return undefined
}
