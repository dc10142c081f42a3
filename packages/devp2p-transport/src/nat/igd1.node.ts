import { concatBytes } from '@status-stack/crypto'
import { environmentError } from '../errors.ts'
import { limits } from '../limits.ts'
import { addressBytes } from '../peers/address.ts'
import { localAddressTowards } from './local-address.node.ts'
import type { Mapping, PortMapper } from './nat.ts'
import type { Announcement } from './ssdp.node.ts'

/** What is searched for; gateways of version 2 are the library's. */
export const gatewayType = 'urn:schemas-upnp-org:device:InternetGatewayDevice:1'
const services = ['WANIPConnection:1', 'WANPPPConnection:1'].map(name => `urn:schemas-upnp-org:service:${name}`)

/** The gateway takes no lease that ends. */
const onlyPermanent = 725
/** Somebody else has that external port. */
const conflict = 718
const otherPorts = 3

/** One service of a gateway and where it takes commands. */
export interface Service {
  readonly type: string
  readonly control: URL
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const unescaped = (text: string): string => text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name) => entities[name] ?? '')
const escaped = (text: string): string =>
  text.replace(/[&<>]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c] ?? c)

/** The text of the first element of that name, whatever its namespace prefix. */
function element(xml: string, name: string): string | undefined {
  const start = new RegExp(`<(?:[A-Za-z][\\w.-]*:)?${name}(?:\\s[^<>]*)?>`).exec(xml)
  if (start === null) return undefined
  const from = start.index + start[0].length
  const to = xml.indexOf('<', from)
  return to < 0 ? undefined : unescaped(xml.slice(from, to).trim())
}

/** Finds the service that maps ports in the description of a device. Undefined where there is none we can use. */
export function findService(xml: string, location: URL): Service | undefined {
  if (element(xml, 'deviceType') !== gatewayType) return undefined
  for (const part of xml.split(/<service>/i).slice(1)) {
    const type = element(part, 'serviceType')
    const path = element(part, 'controlURL')
    if (type === undefined || path === undefined || !services.includes(type)) continue
    const base = element(xml, 'URLBase')
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

/** Text of an answer. BOUNDED: no more than `most` bytes are read. */
async function bounded(response: Response, most: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > most) throw environmentError('too-large', `NAT: the gateway sends more than ${most} bytes`)
    chunks.push(chunk)
  }
  return new TextDecoder().decode(concatBytes(...chunks))
}

/** A refusal of the gateway with its number. */
class Refused extends Error {
  readonly number: number
  constructor(number: number) {
    super(`NAT: the gateway answers error ${number}`)
    this.number = number
  }
}

async function run(
  service: Service,
  action: string,
  args: Readonly<Record<string, string | number>>,
  signal: AbortSignal
): Promise<string> {
  const list = Object.entries(args).map(([name, value]) => `<${name}>${escaped(String(value))}</${name}>`)
  const response = await fetch(service.control, {
    method: 'POST',
    headers: { 'Content-Type': 'text/xml; charset="utf-8"', SOAPAction: `"${service.type}#${action}"` },
    body:
      '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" ' +
      's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>' +
      `<u:${action} xmlns:u="${service.type}">${list.join('')}</u:${action}></s:Body></s:Envelope>`,
    redirect: 'error',
    signal
  })
  const xml = await bounded(response, limits.upnpAnswerBytes)
  if (response.ok) return xml
  throw new Refused(Number(element(xml, 'errorCode') ?? response.status))
}

/** A gateway of version 1 at that place. @throws TransportError `unavailable`, `too-large` */
export async function openGateway({ location, address }: Announcement, signal: AbortSignal): Promise<PortMapper> {
  const response = await fetch(location, { redirect: 'error', signal })
  const service = response.ok ? findService(await bounded(response, limits.upnpDescriptionBytes), location) : undefined
  if (service === undefined) throw environmentError('unavailable', 'NAT: a gateway without a service that maps ports')

  const add = async (
    mapping: Mapping & { readonly lifetimeSeconds: number; readonly description: string },
    options: { readonly signal: AbortSignal }
  ): Promise<void> => {
    const args = {
      NewRemoteHost: '',
      NewExternalPort: mapping.externalPort,
      NewProtocol: mapping.protocol.toUpperCase(),
      NewInternalPort: mapping.internalPort,
      NewInternalClient: await localAddressTowards(address),
      NewEnabled: 1,
      NewPortMappingDescription: mapping.description,
      NewLeaseDuration: mapping.lifetimeSeconds
    }
    try {
      await run(service, 'AddPortMapping', args, options.signal)
    } catch (error) {
      if (!(error instanceof Refused) || error.number !== onlyPermanent) throw error
      // It stays until we delete it, or the router is restarted.
      await run(service, 'AddPortMapping', { ...args, NewLeaseDuration: 0 }, options.signal)
    }
  }

  return {
    kind: 'upnp',
    externalAddress: async options => {
      const xml = await run(service, 'GetExternalIPAddress', {}, options.signal)
      const external = element(xml, 'NewExternalIPAddress') ?? ''
      const bytes = addressBytes(external)
      if (bytes === undefined || bytes.every(byte => byte === 0))
        throw environmentError('unavailable', 'NAT: the gateway has no address')
      return external
    },
    map: async (mapping, options) => {
      for (let i = 0; ; i++) {
        // Ports near ours: which ones are free there is all that matters.
        const externalPort = i === 0 ? mapping.externalPort : 1024 + ((mapping.externalPort + 7919 * i) % 64_000)
        try {
          await add({ ...mapping, externalPort }, options)
          return externalPort
        } catch (error) {
          if (!(error instanceof Refused) || error.number !== conflict || i >= otherPorts) throw error
        }
      }
    },
    unmap: async ({ protocol, externalPort }, options) => {
      const args = { NewRemoteHost: '', NewExternalPort: externalPort, NewProtocol: protocol.toUpperCase() }
      await run(service, 'DeletePortMapping', args, options.signal)
    },
    close: async () => undefined
  }
}

/** The first gateway of version 1 that tells its address. @throws TransportError `unavailable` */
export async function findIgd1(
  announcements: AsyncIterable<Announcement>,
  { signal }: { readonly signal: AbortSignal }
): Promise<PortMapper> {
  for await (const announcement of announcements) {
    try {
      const mapper = await openGateway(announcement, signal)
      await mapper.externalAddress({ signal })
      return mapper
    } catch {
      // Another device may do.
    }
  }
  throw environmentError('unavailable', 'NAT: no UPnP gateway of version 1 answered')
}
