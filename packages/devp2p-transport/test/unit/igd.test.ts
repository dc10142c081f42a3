import { createServer, type IncomingMessage, type Server } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { limits } from '../../src/limits.ts'
import { findService, gatewayTypes } from '../../src/nat/description.ts'
import { findIgd, openGateway } from '../../src/nat/igd.node.ts'
import { type Announcement, createCollector, parseAnnouncement } from '../../src/nat/ssdp.node.ts'

const [secondType = '', gatewayType = ''] = gatewayTypes

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

const wan = 'urn:schemas-upnp-org:service:WANIPConnection:1'
const ppp = 'urn:schemas-upnp-org:service:WANPPPConnection:1'
const service = (type: string, control: string): string =>
  `<service><serviceType>${type}</serviceType><controlURL>${control}</controlURL></service>`
const description = (services: string, type = gatewayType, base = ''): string =>
  `<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0">${base}<device><deviceType>${type}</deviceType>
   <serviceList>${service('urn:schemas-upnp-org:service:Layer3Forwarding:1', '/l3f')}</serviceList>
   <deviceList><device><deviceType>urn:schemas-upnp-org:device:WANDevice:1</deviceType>
   <serviceList>${services}</serviceList></device></deviceList></device></root>`

interface Call {
  readonly action: string
  readonly args: Readonly<Record<string, string>>
}
type Reply = { readonly status?: number; readonly body: string }

const signal = AbortSignal.timeout(20_000)

/** A router: its description, and what it answers to each command. */
async function router(
  text: string,
  answer: (call: Call) => Reply = () => ({ body: '<ok/>' })
): Promise<{ readonly announcement: Announcement; readonly calls: Call[]; readonly seen: IncomingMessage[] }> {
  const calls: Call[] = []
  const seen: IncomingMessage[] = []
  const server = createServer(async (request, response) => {
    seen.push(request)
    if (request.method === 'GET') return response.end(text)
    let body = ''
    for await (const chunk of request) body += chunk
    const action = /#(\w+)"/.exec(String(request.headers['soapaction']))?.[1] ?? ''
    const args = Object.fromEntries(
      [...body.matchAll(/<(New\w+)>([^<]*)</g)].map(([, name = '', value = '']) => [name, value])
    )
    calls.push({ action, args })
    const { status = 200, body: reply } = answer({ action, args })
    response.writeHead(status, { 'Content-Type': 'text/xml' }).end(reply)
  })
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return {
    announcement: { location: new URL(`http://127.0.0.1:${port}/desc.xml`), address: '127.0.0.1' },
    calls,
    seen
  }
}

const address = (ip: string): Reply => ({
  body: `<s:Envelope><s:Body><u:GetExternalIPAddressResponse xmlns:u="${wan}"><NewExternalIPAddress>${ip}</NewExternalIPAddress></u:GetExternalIPAddressResponse></s:Body></s:Envelope>`
})
const fault = (number: number): Reply => ({
  status: 500,
  body: `<s:Envelope><s:Body><s:Fault><detail><UPnPError><errorCode>${number}</errorCode></UPnPError></detail></s:Fault></s:Body></s:Envelope>`
})
const wanted = {
  protocol: 'tcp',
  internalPort: 30_303,
  externalPort: 30_303,
  lifetimeSeconds: 1200,
  description: 'p2p <&>'
} as const

async function* announce(...list: readonly Announcement[]): AsyncIterable<Announcement> {
  yield* list
}

describe('an announcement', () => {
  const answer = (lines: readonly string[]): string => ['HTTP/1.1 200 OK', ...lines, '', ''].join('\r\n')
  const st = `ST: ${gatewayType}`

  test('names where the description is', () => {
    const text = answer(['CACHE-CONTROL: max-age=120', 'Location:  http://10.0.0.1:5000/rootDesc.xml ', st])
    expect(parseAnnouncement(text, gatewayType, '10.0.0.1')?.location.href).toBe('http://10.0.0.1:5000/rootDesc.xml')
  })

  test.each([
    ['of another device', ['ST: upnp:rootdevice', 'LOCATION: http://10.0.0.1/d']],
    ['that points to a third party', [st, 'LOCATION: http://10.0.0.2/d']],
    ['that points to a name', [st, 'LOCATION: http://router/d']],
    ['of another protocol', [st, 'LOCATION: file:///etc/passwd']],
    ['without a place', [st]],
    ['with a place that is no URL', [st, 'LOCATION: here']]
  ])('%s is not followed', (_, lines) => {
    expect(parseAnnouncement(answer(lines), gatewayType, '10.0.0.1')).toBeUndefined()
  })

  test('is kept once, and only so many are', () => {
    const collect = createCollector(gatewayType)
    const from = (i: number) => collect(answer([st, `LOCATION: http://10.0.0.${i}/d`]), `10.0.0.${i}`)
    for (let i = 1; i <= limits.upnpAnnouncements; i++) {
      expect(from(i)).toBeDefined()
      expect(from(i)).toBeUndefined()
    }
    expect(from(limits.upnpAnnouncements + 1)).toBeUndefined()
  })

  test('that is no answer is not one', () => {
    expect(
      parseAnnouncement(`NOTIFY * HTTP/1.1\r\n${st}\r\nLOCATION: http://10.0.0.1/d`, gatewayType, '10.0.0.1')
    ).toBeUndefined()
    expect(parseAnnouncement('\x00\xff', gatewayType, '10.0.0.1')).toBeUndefined()
  })
})

describe('a description', () => {
  const at = new URL('http://10.0.0.1:80/desc.xml')
  test.each([
    [
      'version 2',
      description(service(wan.replace(/1$/, '2'), '/c'), secondType),
      wan.replace(/1$/, '2'),
      'http://10.0.0.1/c'
    ],
    ['prefixes', description(service(wan, '/c')).replace(/<(\/?)(\w)/g, '<$1u:$2'), wan, 'http://10.0.0.1/c'],
    ['a path', description(service(wan, '/ctl/IPConn')), wan, 'http://10.0.0.1/ctl/IPConn'],
    ['a dial-up line', description(service(ppp, 'ctl?a=1&amp;b=2')), ppp, 'http://10.0.0.1/ctl?a=1&b=2'],
    [
      'a base',
      description(service(wan, 'x'), gatewayType, '<URLBase>http://10.0.0.1:49000/</URLBase>'),
      wan,
      'http://10.0.0.1:49000/x'
    ]
  ])('with %s', (_, xml, type, control) => {
    const found = findService(xml, at)
    expect([found?.type, found?.control.href]).toEqual([type, control])
  })

  test.each([
    ['of another device', description(service(wan, '/x'), gatewayType.replace(/1$/, '3'))],
    ['whose service is in a comment', description(`<!-- ${service(wan, '/x')} -->`)],
    ['whose commands go elsewhere', description(service(wan, 'http://10.0.0.9/x'))],
    ['of another protocol', description(service(wan, 'ftp://10.0.0.1/x'))],
    ['without the service', description(service('urn:schemas-upnp-org:service:WANIPConnection:9', '/x'))],
    ['that is empty', ''],
    [
      'that is cut short',
      description(service(wan, '/x')).slice(0, -180).split('<controlURL>').slice(0, 2).join('<controlURL>')
    ]
  ])('%s has nothing for us', (_, xml) => {
    expect(findService(xml, at)).toBeUndefined()
  })

  test('costs work that grows with its length alone, whatever is in it', () => {
    // Work is counted as what is looked at: double the text, at most three times as much.
    const looks = (xml: string): number => {
      let counted = 0
      const proto = String.prototype
      const { indexOf, slice } = proto
      proto.indexOf = function (wanted, from = 0) {
        const found = indexOf.call(this, wanted, from)
        counted += (found < 0 ? this.length : found) - from + 1
        return found
      }
      proto.slice = function (from, to) {
        const piece = slice.call(this, from, to)
        counted += piece.length + 1
        return piece
      }
      try {
        findService(xml, at)
      } finally {
        Object.assign(proto, { indexOf, slice })
      }
      return counted
    }
    const device = `<deviceType>${gatewayType}</deviceType>`
    const dearest = [
      '<deviceType ',
      '<a:',
      '<!--',
      '<service>',
      // Each a service that fits, whose base is looked for.
      service(wan, ':'),
      '<serviceType>'
    ]
    for (const part of dearest) {
      const of = (times: number): string => `${device}${part.repeat(times)}`
      const count = limits.upnpDescriptionBytes / part.length
      expect(looks(of(count)), part).toBeLessThan(3 * looks(of(count / 2)) + 1_000)
      expect(looks(of(count)), part).toBeLessThan(8 * limits.upnpDescriptionBytes)
    }
  })

  test('with more services than any router has is read only so far', () => {
    const many = service('urn:schemas-upnp-org:service:Other:1', '/o').repeat(limits.upnpServices)
    expect(findService(description(many + service(wan, '/x')), at)).toBeUndefined()
    expect(findService(description(service(wan, '/x') + many), at)?.type).toBe(wan)
  })
})

describe('a gateway', () => {
  test('tells its address, maps and forgets, with the arguments in the order of the service', async () => {
    const { announcement, calls } = await router(description(service(wan, '/ctl')), ({ action }) =>
      action === 'GetExternalIPAddress' ? address('77.0.0.1') : { body: '<ok/>' }
    )
    const mapper = await findIgd(announce(announcement), { signal })
    expect(await mapper.externalAddress({ signal })).toBe('77.0.0.1')
    expect(await mapper.map(wanted, { signal })).toBe(30_303)
    await mapper.unmap({ ...wanted, protocol: 'udp' }, { signal })
    expect(calls.map(({ action }) => action)).toEqual([
      'GetExternalIPAddress',
      'GetExternalIPAddress',
      'AddPortMapping',
      'DeletePortMapping'
    ])
    expect(Object.entries(calls[2]?.args ?? {})).toEqual([
      ['NewRemoteHost', ''],
      ['NewExternalPort', '30303'],
      ['NewProtocol', 'TCP'],
      ['NewInternalPort', '30303'],
      ['NewInternalClient', '127.0.0.1'],
      ['NewEnabled', '1'],
      ['NewPortMappingDescription', 'p2p &lt;&amp;&gt;'],
      ['NewLeaseDuration', '1200']
    ])
    expect(calls[3]?.args).toEqual({ NewRemoteHost: '', NewExternalPort: '30303', NewProtocol: 'UDP' })
  })

  test('that knows permanent leases only gets one', async () => {
    const { announcement, calls } = await router(description(service(wan, '/ctl')), ({ args }) =>
      args['NewLeaseDuration'] === '0' ? { body: '<ok/>' } : fault(725)
    )
    const mapper = await openGateway(announcement, signal)
    expect(await mapper.map(wanted, { signal })).toBe(30_303)
    expect(calls.map(({ args }) => args['NewLeaseDuration'])).toEqual(['1200', '0'])
  })

  test('whose port is taken is asked for a few others, not for ever', async () => {
    const taken = new Set(['30303'])
    const { announcement, calls } = await router(description(service(wan, '/ctl')), ({ args }) =>
      taken.has(args['NewExternalPort'] ?? '') ? fault(718) : { body: '<ok/>' }
    )
    const mapper = await openGateway(announcement, signal)
    const other = await mapper.map(wanted, { signal })
    expect(other).not.toBe(30_303)
    expect(calls).toHaveLength(2)
    const full = await router(description(service(wan, '/ctl')), () => fault(718))
    await expect((await openGateway(full.announcement, signal)).map(wanted, { signal })).rejects.toThrow('718')
    expect(full.calls).toHaveLength(4)
    const ports = full.calls.map(({ args }) => Number(args['NewExternalPort']))
    expect(ports.every(port => port >= 1024 && port < 65_536)).toBe(true)
    expect(new Set(ports).size).toBe(4)
  })

  test.each([
    ['no address', '0.0.0.0'],
    ['a name', 'router.example'],
    ['nothing', '']
  ])('that says %s for an address is passed over for the next', async (_, ip) => {
    const bad = await router(description(service(wan, '/ctl')), () => address(ip))
    const good = await router(description(service(wan, '/ctl')), () => address('77.0.0.2'))
    const mapper = await findIgd(announce(bad.announcement, good.announcement), { signal })
    expect(await mapper.externalAddress({ signal })).toBe('77.0.0.2')
  })

  test('none is an error of the surroundings', async () => {
    await expect(findIgd(announce(), { signal })).rejects.toMatchObject({ code: 'unavailable', origin: 'environment' })
  })
})

describe('a hostile gateway', () => {
  test('that sends without end is not read to it', async () => {
    const padding = ' '.repeat(limits.upnpDescriptionBytes)
    const large = await router(description(service(wan, '/ctl')) + padding)
    await expect(openGateway(large.announcement, signal)).rejects.toMatchObject({ code: 'too-large' })
    const talkative = await router(description(service(wan, '/ctl')), () => ({
      body: address('77.0.0.1').body + ' '.repeat(limits.upnpAnswerBytes)
    }))
    const mapper = await openGateway(talkative.announcement, signal)
    await expect(mapper.externalAddress({ signal })).rejects.toMatchObject({ code: 'too-large' })
  })

  test('that redirects is not followed', async () => {
    const target = await router(description(service(wan, '/ctl')))
    const server = createServer((_, response) => {
      response.writeHead(302, { Location: target.announcement.location.href }).end()
    })
    servers.push(server)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const at = server.address()
    const location = new URL(`http://127.0.0.1:${typeof at === 'object' ? at?.port : 0}/`)
    await expect(openGateway({ location, address: '127.0.0.1' }, signal)).rejects.toThrow()
    expect(target.seen).toEqual([])
  })

  test('that never answers is left when the time is over', async () => {
    const server = createServer(() => undefined)
    servers.push(server)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const at = server.address()
    const location = new URL(`http://127.0.0.1:${typeof at === 'object' ? at?.port : 0}/`)
    const soon = AbortSignal.timeout(50)
    await expect(openGateway({ location, address: '127.0.0.1' }, soon)).rejects.toThrow()
  })
})
