import { isPrivateKey } from '@status-stack/crypto'
import { type ByteLength, counted } from '@status-stack/utils'
import { check, optionError } from './errors.ts'
import type {
  ArchiveOptions,
  ListenAddress,
  RelayDeps,
  RelayOptions,
  RelayRpcOptions,
  WebSocketOptions
} from './options.ts'
import { checkPrivacy } from './privacy.ts'

/** What callers pass, checked before anything of a relay is made. Each throws RelayError `invalid-argument`. */

const never = Number.MAX_SAFE_INTEGER

/** A check of one value, under the name by which its caller knows it. */
type Check = (name: string, value: unknown) => void

const text: Check = (name, value) => check.text(name, value)
const flag: Check = (name, value) => check.boolean(name, value)
const bytes =
  (length: ByteLength): Check =>
  (name, value) =>
    check.bytes(name, value, length)
const number =
  (min: number, max: number = never): Check =>
  (name, value) =>
    check.number(name, value, min, max)
const integer =
  (min: number, max: number = never): Check =>
  (name, value) =>
    check.integer(name, value, min, max)
const oneOf =
  (...choices: readonly string[]): Check =>
  (name, value) =>
    check.oneOf(name, value, choices)
const listOf =
  (each: Check): Check =>
  (name, value) => {
    check.array(name, value)
    for (const [at, one] of value.entries()) each(`${name}[${at}]`, one)
  }
const port = integer(0, 65_535)

/** The members of options that are given, each by its check; others have no such name. */
function members<T>(
  name: string,
  value: unknown,
  checks: { readonly [Name in keyof T]-?: Check },
  needed: readonly (keyof T)[] = []
): void {
  check.options(name, value, Object.keys(checks))
  const prefix = name === 'options' ? '' : `${name}.`
  for (const [member, each] of Object.entries<Check>(checks)) {
    const given = (value as Readonly<Record<string, unknown>>)[member]
    if (given !== undefined || needed.includes(member as keyof T)) each(`${prefix}${member}`, given)
  }
}

/** 32 bytes that are a key of the curve. */
function checkPrivateKey(name: string, value: unknown): asserts value is Uint8Array {
  check.bytes(name, value, 32)
  if (!isPrivateKey(value)) throw optionError('invalid-argument', `${name}: not a secp256k1 private key`)
}

const key: Check = (name, value) => checkPrivateKey(name, value)

const peerId: Check = (name, value) => {
  check.text(name, value)
  if (!/^[0-9a-f]{64}$/.test(value))
    throw optionError(
      'invalid-argument',
      `${name}: expected 64 lower-case hex digits, got ${counted(value.length, 'character')}`
    )
}

const address = { host: text, port }
const listen: Check = (name, value) => members<ListenAddress>(name, value, address, ['host', 'port'])
const pages: Check = (name, value) =>
  members<NonNullable<RelayRpcOptions['http']>>(name, value, { ...address, allowedOrigins: listOf(text) }, [
    'host',
    'port'
  ])

/** What a host announces. @throws RelayError `invalid-argument` */
function checkClientName(name: string, value: unknown): void {
  check.text(name, value)
  if (!/^[\x20-\x7e]{1,128}$/.test(value))
    throw optionError('invalid-argument', `${name}: expected 1 to 128 printable ASCII characters`)
}

const archive: Check = (name, value) => {
  members<ArchiveOptions>(
    name,
    value,
    {
      store: (of, store) => check.object(of, store),
      password: (of, password) => password === false || check.text(of, password),
      privateKey: key,
      retentionDays: number(0, 36_500),
      rateLimitSeconds: number(0, 86_400),
      bindSigner: flag,
      plainRequests: oneOf('serve', 'refuse'),
      sources: listOf((of, source) =>
        members<NonNullable<ArchiveOptions['sources']>[number]>(
          of,
          source,
          { enode: text, peerId, fromSeconds: integer(0, 0xffff_ffff) },
          ['enode', 'peerId', 'fromSeconds']
        )
      )
    },
    ['store']
  )
}

const webSocket: Check = (name, value) =>
  members<WebSocketOptions>(
    name,
    value,
    {
      ...address,
      path: text,
      origins: (of, origins) => origins === 'any' || listOf(text)(of, origins),
      trustedProxies: text,
      publicUrl: text
    },
    ['host', 'port']
  )

const rpc: Check = (name, value) =>
  members<RelayRpcOptions>(name, value, {
    ipc: text,
    http: pages,
    webSocket: pages,
    tokenSecret: bytes({ min: 32 }),
    allowedHosts: listOf(text)
  })

const metrics: Check = (name, value) =>
  members<NonNullable<RelayOptions['metrics']>>(name, value, { ...address, allowedHosts: listOf(text) }, [
    'host',
    'port'
  ])

export const checkListen: (name: string, value: unknown) => void = listen

export function checkDeps(deps: unknown): asserts deps is RelayDeps {
  check.object('deps', deps)
  const { privateKey, protocols, carriers } = deps as Partial<RelayDeps>
  checkPrivateKey('privateKey', privateKey)
  check.ports(deps, { peerStore: ['load', 'save'] })
  for (const [name, list, calls] of [
    ['protocols', protocols, ['attach', 'start', 'stop']],
    ['carriers', carriers, ['start', 'stop']]
  ] as const) {
    if (list === undefined) continue
    check.array(name, list)
    for (const [at, one] of list.entries()) {
      check.object(`${name}[${at}]`, one)
      check.ports({ [`${name}[${at}]`]: one }, { [`${name}[${at}]`]: calls })
    }
  }
}

export function checkOptions(options: unknown): asserts options is RelayOptions {
  members<RelayOptions>('options', options, {
    listen,
    clientName: checkClientName,
    privacy: checkPrivacy,
    peers: listOf(text),
    trusted: listOf(text),
    minPow: number(0),
    maxPeers: integer(1, 10_000),
    maxPendingInbound: integer(1, 10_000),
    dialRatio: integer(1, 10_000),
    light: flag,
    discovery: oneOf('on', 'off', 'auto'),
    bootnodes: listOf(text),
    discoveryPort: port,
    nat: text,
    netRestrict: text,
    archive,
    webSocket,
    rpc,
    metrics
  })
}

/** A host to be watched or told of peers. @throws RelayError `invalid-argument` */
export function checkHost(host: unknown): void {
  check.object('host', host)
  check.ports({ host }, { host: ['addStatic'] })
}
