import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { findGateway, type Gateway, isLan, isLoopback, isSpecial, parseNat } from '@status-stack/devp2p-transport'
import type { Globals } from '../globals.ts'
import { checkNetworkWords } from '../network/bootnodes.ts'
import { wantsDiscovery } from '../node/relay.ts'
import { parseListen } from '../stack.ts'
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

/** Whether a node, and a client that was told to listen, could. */
export async function checkPorts(globals: Globals): Promise<readonly Finding[]> {
  const { origins } = globals.resolved
  const node = parseListen(globals.nodeListen)
  const checks: Promise<Finding>[] = [judge('listen', 'TCP', node, tryTcp, origins.nodeListen === 'flag')]
  if (wantsDiscovery(globals))
    checks.push(
      judge(
        'discovery port',
        'UDP',
        { ...node, port: globals.discoveryPort ?? node.port },
        tryUdp,
        origins.discoveryPort === 'flag'
      )
    )
  if (globals.listen !== undefined && origins.listen !== 'flag')
    checks.push(judge('client listen', 'TCP', parseListen(globals.listen), tryTcp, false))
  return Promise.all(checks)
}

async function judge(
  check: string,
  kind: string,
  { host, port }: { readonly host: string; readonly port: number },
  attempt: typeof tryTcp,
  asked: boolean
): Promise<Finding> {
  const code = await attempt(host, port)
  const where = `${kind} port ${port} of ${host}`
  if (code === undefined) return ok(check, `${where} is free`)
  if (code === 'EADDRINUSE') {
    const text = `${where} is taken`
    return asked
      ? problem(check, text, 'end the program that has it, or choose another --listen')
      : note(check, text, 'by a node of yours that is running, or by another program')
  }
  const hint =
    code === 'EACCES'
      ? 'ports below 1024 need the right to use them: choose a higher one'
      : 'choose an address of this machine: 127.0.0.1 for itself, 0.0.0.0 for everybody'
  return problem(check, `${where} cannot be used (${code})`, hint)
}

const ownAddresses = (): readonly string[] =>
  Object.values(networkInterfaces()).flatMap(entries =>
    (entries ?? []).filter(({ internal }) => !internal).map(({ address }) => address)
  )

const isPublic = (address: string): boolean => !isLoopback(address) && !isLan(address) && !isSpecial(address)

/** What the check of the address looks at; replaced in tests. */
export interface AddressView {
  readonly own: readonly string[]
  /** Addresses at which peers saw us. */
  readonly seenAs: readonly string[]
  readonly gateway: (nat: string) => Promise<Gateway>
}

/** How others could connect to a node here. */
export async function checkAddress(
  globals: Pick<Globals, 'nodeListen' | 'nat'>,
  seenAs: readonly string[],
  view: AddressView = { own: ownAddresses(), seenAs, gateway: nat => findGateway(nat) }
): Promise<Finding> {
  const check = 'address'
  const { host } = parseListen(globals.nodeListen)
  checkNetworkWords(globals.nat, undefined)
  const spec = parseNat(globals.nat)
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
      'forward its port on the router and say --nat extip:ADDRESS, or try --nat any'
    )
  try {
    const { kind, externalAddress } = await view.gateway(globals.nat)
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
      `${behind}: no router answered ${globals.nat}`,
      'switch UPnP or NAT-PMP on in the router, or forward the port and say --nat extip:ADDRESS'
    )
  }
}
