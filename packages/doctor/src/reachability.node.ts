import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { isLan, isLoopback, isSpecial } from '@status-stack/devp2p-transport'
import { findGateway, type Gateway, parseNat } from '@status-stack/devp2p-transport/nat'
import { checkNetworkOptions } from '@status-stack/relay-node'
import { systemWords } from '@status-stack/utils'
import { type Finding, note, ok, problem } from './finding.ts'

/** Binds and lets go again; the code of the error if that fails. */
function tryTcp(host: string, port: number): Promise<string | undefined> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}

function tryUdp(host: string, port: number): Promise<string | undefined> {
  return new Promise(resolve => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    socket.once('error', (error: NodeJS.ErrnoException) => {
      socket.close()
      resolve(error.code ?? 'unknown')
    })
    socket.bind({ address: host, port, exclusive: true }, () => socket.close(() => resolve(undefined)))
  })
}

/** A port that a program of this machine would listen on. */
export interface WantedPort {
  /** `listen`, `discovery port`: what the finding is called. */
  readonly check: string
  /** What is bound, for a moment. */
  readonly kind: 'TCP' | 'UDP'
  /** Where the program would listen. */
  readonly host: string
  /** 0 is any free one, which is always there. */
  readonly port: number
  /** It was asked for just now: that another program has it is a problem. Otherwise that may be a node of the same person. */
  readonly asked: boolean
}

/**
 * Whether these ports could be listened on: binds each, and lets it go again.
 *
 * @example
 * ```ts
 * await checkPorts([{ check: 'listen', kind: 'TCP', host: '0.0.0.0', port: 30303, asked: true }])
 * ```
 */
export async function checkPorts(wanted: readonly WantedPort[]): Promise<readonly Finding[]> {
  return Promise.all(wanted.map(judge))
}

async function judge({ check, kind, host, port, asked }: WantedPort): Promise<Finding> {
  const code = await (kind === 'TCP' ? tryTcp : tryUdp)(host, port)
  const where = `${kind} port ${port} of ${host}`
  if (code === undefined) return ok(check, `${where} is free`)
  if (code === 'EADDRINUSE') {
    const text = `${where} is taken`
    return asked
      ? problem(check, text, 'stop the program that uses it, or choose another --listen')
      : note(check, text, 'by a node of yours that is running, or by another program')
  }
  const hint =
    code === 'EACCES'
      ? 'ports below 1024 need special permission: choose a higher one'
      : 'choose an address of this machine: 127.0.0.1 for local use, 0.0.0.0 for all networks'
  return problem(check, `${where} cannot be used: ${systemWords(code) ?? code}`, hint, code)
}

const ownAddresses = (): readonly string[] =>
  Object.values(networkInterfaces()).flatMap(entries =>
    (entries ?? []).filter(({ internal }) => !internal).map(({ address }) => address)
  )

const isPublic = (address: string): boolean => !isLoopback(address) && !isLan(address) && !isSpecial(address)

/** What the check of the address looks at; replaced in tests. */
export interface AddressView {
  /** Addresses of this machine's interfaces. */
  readonly own: readonly string[]
  /** Addresses at which peers saw us. */
  readonly seenAs: readonly string[]
  /** Asks the router, as the NAT string says; rejects when none answers. */
  readonly gateway: (nat: string) => Promise<Gateway>
}

/**
 * How others could connect to a node here.
 *
 * @example
 * ```ts
 * const finding = await checkAddress({ host: '0.0.0.0', nat: 'any' }, [])
 * ```
 */
export async function checkAddress(
  { host, nat }: { readonly host: string; readonly nat: string },
  seenAs: readonly string[],
  view: AddressView = { own: ownAddresses(), seenAs, gateway: findGateway }
): Promise<Finding> {
  const check = 'address'
  checkNetworkOptions(nat, undefined)
  const spec = parseNat(nat)
  if (isLoopback(host))
    return note(check, `a node listens on ${host}: only this machine can connect`, 'for others: --listen 0.0.0.0:30303')
  if (spec.kind === 'extip')
    return isPublic(spec.address)
      ? ok(check, `a node says it is at ${spec.address}`)
      : note(check, `a node says it is at ${spec.address}, which is not a public address`)
  const seen = view.seenAs.find(isPublic)
  const own = view.own.find(address => isPublic(address) && (host === '0.0.0.0' || host === '::' || host === address))
  if (own !== undefined) return ok(check, `this machine has the public address ${own}`)
  const behind = `behind NAT${seen === undefined ? '' : `, seen from outside as ${seen}`}`
  if (spec.kind === 'none')
    return note(
      check,
      `${behind}: others cannot connect to a node here by themselves`,
      'forward its port on the router and use --nat extip:ADDRESS, or try --nat any'
    )
  try {
    const { kind, externalAddress } = await view.gateway(nat)
    return isPublic(externalAddress)
      ? ok(check, `behind NAT; the router maps ports (${kind}) and is at ${externalAddress}`)
      : problem(
          check,
          `the router maps ports (${kind}), but is itself behind NAT (${externalAddress})`,
          'forward the port on both routers, or run the node where the address is public'
        )
  } catch {
    return problem(
      check,
      `${behind}: no router answered ${nat}`,
      'switch UPnP or NAT-PMP on in the router, or forward the port and say --nat extip:ADDRESS'
    )
  }
}
