import { addressBytes, environmentError } from '@status-stack/rlpx/carrier'
import { limits } from '../limits.ts'
import { findService, type Service } from './description.ts'
import { requestText } from './http.node.ts'
import { localAddressTowards } from './local-address.node.ts'
import type { Announcement } from './ssdp.node.ts'
import type { Mapping, PortMapper } from './types.ts'
import { escapeXml, firstElement } from './xml.ts'

/** The gateway takes no lease that ends. */
const onlyPermanent = 725
/** Another machine has that external port. */
const conflict = 718
const otherPorts = 3

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
  const list = Object.entries(args).map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
  const answer = await requestText(
    service.control,
    {
      method: 'POST',
      headers: { 'Content-Type': 'text/xml; charset="utf-8"', SOAPAction: `"${service.type}#${action}"` },
      body:
        '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" ' +
        's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>' +
        `<u:${action} xmlns:u="${service.type}">${list.join('')}</u:${action}></s:Body></s:Envelope>`
    },
    limits.upnpAnswerBytes,
    signal
  )
  if (answer.ok) return answer.text
  throw new Refused(Number(firstElement(answer.text, 'errorCode') ?? answer.status))
}

/** The gateway at that place. @throws TransportError `unavailable`, `too-large`, `timeout`, `network` */
export async function openGateway({ location, address }: Announcement, signal: AbortSignal): Promise<PortMapper> {
  const answer = await requestText(location, { method: 'GET' }, limits.upnpDescriptionBytes, signal)
  const service = answer.ok ? findService(answer.text, location) : undefined
  if (service === undefined) throw environmentError('unavailable', 'NAT: the gateway has no port mapping service')

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
      const external = firstElement(xml, 'NewExternalIPAddress') ?? ''
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

/** The first gateway that tells its address. @throws TransportError `unavailable` */
export async function findIgd(
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
  throw environmentError('unavailable', 'NAT: no UPnP gateway answered')
}
