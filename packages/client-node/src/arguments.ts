import { checkNetworkOptions, RelayError } from '@status-stack/relay-node'
import { createIdentityKey } from '@status-stack/status-accounts'
import { type ArgumentChecks, createArgumentChecks } from '@status-stack/utils'
import type { ClientNodeDeps, ClientNodeOptions, MailserverOption } from './options.ts'

/** Checks of what callers pass: refused as relays refuse it, whose addresses and options these are. */
export const check: ArgumentChecks = createArgumentChecks(
  (message, details) => new RelayError('invalid-argument', message, { origin: 'caller', details })
)

const optionNames = [
  ...['privacy', 'peers', 'mailservers', 'autoHistory', 'listen', 'pfs', 'syncRetryMs', 'clientName', 'netRestrict'],
  ...['discovery', 'wrapLink']
]

/** What the node itself needs; the client checks the rest. */
export function checkDeps(deps: unknown): asserts deps is ClientNodeDeps {
  check.object('deps', deps)
  const { privateKey } = deps as Partial<ClientNodeDeps>
  check.bytes('privateKey', privateKey, 32)
  try {
    createIdentityKey(privateKey)
  } catch {
    throw new RelayError('invalid-argument', 'privateKey: not a secp256k1 private key', {
      origin: 'caller',
      details: { argument: 'privateKey' }
    })
  }
}

function texts(name: string, value: unknown): void {
  check.array(name, value)
  for (const [at, one] of value.entries()) check.text(`${name}[${at}]`, one)
}

function checkMailserver(name: string, value: unknown): void {
  check.options(name, value, ['enode', 'peerId', 'password'])
  const { enode, peerId, password } = value as Partial<MailserverOption>
  check.text(`${name}.enode`, enode)
  check.text(`${name}.peerId`, peerId)
  if (password !== undefined) check.text(`${name}.password`, password)
}

/** Those of the client and of the host are checked by them, under the same names. */
export function checkOptions(options: unknown): asserts options is ClientNodeOptions {
  check.options('options', options, optionNames)
  const { privacy, peers, mailservers, listen, clientName, netRestrict, discovery, wrapLink } =
    options as ClientNodeOptions
  if (privacy !== undefined) check.oneOf('privacy', privacy, ['whisper', 'waku', 'both'])
  if (peers !== undefined) texts('peers', peers)
  if (mailservers !== undefined) {
    check.array('mailservers', mailservers)
    for (const [at, one] of mailservers.entries()) checkMailserver(`mailservers[${at}]`, one)
  }
  if (listen !== undefined) {
    check.options('listen', listen, ['host', 'port'])
    check.text('listen.host', listen.host)
    check.integer('listen.port', listen.port, 0, 65_535)
  }
  if (clientName !== undefined) {
    check.text('clientName', clientName)
    if (!/^[\x20-\x7e]{1,128}$/.test(clientName))
      throw new RelayError('invalid-argument', 'clientName: expected 1 to 128 printable ASCII characters', {
        origin: 'caller',
        details: { argument: 'clientName' }
      })
  }
  checkNetworkOptions('none', netRestrict)
  if (wrapLink !== undefined) check.function('wrapLink', wrapLink)
  if (discovery === undefined) return
  check.options('discovery', discovery, ['bootnodes', 'port', 'store'])
  texts('discovery.bootnodes', discovery.bootnodes)
  if (discovery.port !== undefined) check.integer('discovery.port', discovery.port, 0, 65_535)
  check.ports(discovery, { store: ['load', 'save'] })
}

export function checkStop(how: unknown): void {
  check.options('how', how, ['hurry'])
  const { hurry } = how as { readonly hurry?: unknown }
  if (hurry !== undefined) check.boolean('hurry', hurry)
}
