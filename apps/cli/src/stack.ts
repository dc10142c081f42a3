import { type ClientNode, type ClientNodeOptions, createClientNode } from '@status-stack/client-node'
import { type OpenAccount, openDatabase, settleStorageKey } from '@status-stack/profiles'
import { type Profile, removeHolder, writeHolder } from '@status-stack/profiles/folder'
import { reportDiscovery, reportPeers } from '@status-stack/relay-node/reports'
import { badLink } from '@status-stack/simulator/bad-link'
import { createSteps } from '@status-stack/utils'
import { parseListen } from './listen-address.ts'
import { type MailserverAddress, parseMailservers } from './mail/address.ts'
import type { Output } from './output.ts'
import { closeProfile } from './profile.ts'
import { reporter } from './relay-report.ts'
import { parseSimulation } from './simulated-network.ts'
import { version } from './version.ts'

/** The composition root: a real transport, a real store, the system's clock and randomness. */
export interface Stack
  extends Pick<ClientNode, 'client' | 'host' | 'unreachable' | 'whenMailserver' | 'start' | 'stop'> {
  /** Those that are asked for history, best first. */
  readonly mailservers: readonly MailserverAddress[]
  /** Told to end: what is queued is not posted any more, and stays queued. What runs may still be finished. */
  readonly holdQueue: () => void
}

export interface StackOptions extends Omit<ClientNodeOptions, 'listen' | 'mailservers' | 'clientName'> {
  /** Addresses of mailservers, best first, perhaps with a password. */
  readonly mailservers?: readonly string[] | undefined
  /** `host:port` to accept connections on; only dials without. */
  readonly listen?: string | undefined
  /** `--simulate-network` as it was typed. */
  readonly simulateNetwork?: string | undefined
  /** Who comes and goes is told only to those who asked for more. @default false */
  readonly brief?: boolean | undefined
  /** What others are told has the profile open. */
  readonly command?: string | undefined
}

/**
 * What can be told to be wrong before a profile is opened for it.
 * @throws CliError `listen`, `simulate-network`, `enode`
 */
export function checkStack(options: Pick<StackOptions, 'listen' | 'simulateNetwork' | 'mailservers'>): void {
  read(options)
}

/** The options that are texts, as values. */
function read({ listen, simulateNetwork, mailservers = [] }: StackOptions) {
  return {
    listen: listen === undefined ? undefined : parseListen(listen),
    simulation: simulateNetwork === undefined ? undefined : parseSimulation(simulateNetwork),
    mailservers: parseMailservers(mailservers)
  }
}

/** Opened and on its way to the network. */
export async function startStack(...deps: Parameters<typeof openStack>): Promise<Stack> {
  const stack = await openStack(...deps)
  try {
    await stack.start()
    return stack
  } catch (error) {
    await stack.stop()
    throw error
  }
}

/** The profile's store behind a client that makes no connection before `start`: what a person wants to see first needs no network. */
export async function openStack(
  profile: Profile,
  account: OpenAccount,
  options: StackOptions,
  output: Output
): Promise<Stack> {
  const { listen, simulation, mailservers } = read(options)
  const { simulateNetwork: _simulateNetwork, brief: _brief, command, ...nodeOptions } = options
  await closeProfile(profile, output)
  const database = await openDatabase(profile)
  await writeHolder(profile, { command: command ?? 'status-stack' })
  const release = async (): Promise<void> => {
    // Before the lock is given up: the next one writes its own.
    await removeHolder(profile)
    await database.close()
  }
  try {
    const node = await createClientNode(
      {
        identity: account.identity,
        database,
        storageKey: await settleStorageKey(profile, database, account.storage),
        privateKey: account.nodeKey,
        logger: loggerOf(output),
        clock: { nowMs: () => Date.now() + 1000 * (simulation?.skewSeconds ?? 0) }
      },
      {
        ...nodeOptions,
        listen,
        mailservers,
        clientName: `status-stack/${version()}`,
        wrapLink: options.wrapLink ?? (simulation === undefined ? undefined : link => badLink(link, simulation))
      }
    )
    const tell = reporter(output, options)
    reportPeers(node, tell)
    reportDiscovery(node, tell)
    const stop: Stack['stop'] = async how => {
      const steps = createSteps()
      await steps.take(() => node.stop(how))
      await steps.take(release)
      steps.end()
    }
    return { ...node, mailservers, holdQueue: node.client.holdQueue, stop }
  } catch (error) {
    await release()
    throw error
  }
}

function loggerOf(output: Output) {
  const line = (level: string) => (message: string, facts?: Readonly<Record<string, string | number>>) =>
    output.verbose(`${level} ${message}${facts === undefined ? '' : ` ${JSON.stringify(facts)}`}`)
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}
