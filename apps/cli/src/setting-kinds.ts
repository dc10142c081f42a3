import { isOrigin } from './origins.ts'

export type SettingValue = string | number | boolean | readonly string[] | undefined

export interface SettingKind<T extends SettingValue> {
  readonly fallback: T
  /** Environment variable. */
  readonly variable: string
  /** Key in the TOML file; below `[profiles.NAME]` it holds for one profile. */
  readonly key: string
  readonly help: string
  /** Turns what a file or variable holds into a value; undefined when it does not fit. */
  readonly parse: (raw: unknown) => T | undefined
  /** What fits, in words. */
  readonly expected: string
}

const text = (raw: unknown): string | undefined => (typeof raw === 'string' && raw !== '' ? raw : undefined)
const texts = (raw: unknown): readonly string[] | undefined => {
  const list = typeof raw === 'string' ? raw.split(/[\s,]+/).filter(part => part !== '') : raw
  return Array.isArray(list) && list.every(part => typeof part === 'string') ? list : undefined
}
const positive = (raw: unknown): number | undefined => {
  const value = typeof raw === 'string' ? Number(raw) : raw
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined
}
const whole =
  (low: number, high: number) =>
  (raw: unknown): number | undefined => {
    const value = typeof raw === 'string' && raw !== '' ? Number(raw) : raw
    return typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high ? value : undefined
  }
const origins = (raw: unknown): readonly string[] | undefined => {
  const list = texts(raw)
  return list?.every(isOrigin) ? list : undefined
}
/** A flag that is there, `on` and TOML's `true` mean the same. */
const onOff = (raw: unknown): 'on' | 'off' | undefined =>
  raw === true || raw === 'on' ? 'on' : raw === false || raw === 'off' ? 'off' : undefined
const oneOf =
  <T extends string>(...values: readonly T[]) =>
  (raw: unknown): T | undefined =>
    values.find(value => value === raw)

const setting = <T extends SettingValue>(kind: SettingKind<T>): SettingKind<T> => kind

/** Every setting: one row each. The flags are declared where the commands are. */
export const settingKinds = {
  profile: setting<string>({
    fallback: 'default',
    variable: 'STATUS_STACK_PROFILE',
    key: 'profile',
    help: 'which identity to use',
    parse: text,
    expected: 'a name'
  }),
  dataDir: setting<string | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_DATA_DIR',
    key: 'data_dir',
    help: 'where profiles are kept',
    parse: text,
    expected: 'a folder'
  }),
  passwordFile: setting<string | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_PASSWORD_FILE',
    key: 'password_file',
    help: 'file with the password',
    parse: text,
    expected: 'a file'
  }),
  peers: setting<readonly string[]>({
    fallback: [],
    variable: 'STATUS_STACK_PEERS',
    key: 'peers',
    help: 'enode URLs to stay connected to',
    parse: texts,
    expected: 'a list of enode URLs'
  }),
  mailservers: setting<readonly string[]>({
    fallback: [],
    variable: 'STATUS_STACK_MAILSERVERS',
    key: 'mailservers',
    help: 'enode URLs of mailservers to fetch history from',
    parse: texts,
    expected: 'a list of enode URLs'
  }),
  listen: setting<string | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_LISTEN',
    key: 'listen',
    help: 'host:port on which a client accepts connections',
    parse: text,
    expected: 'host:port'
  }),
  pfs: setting<'on' | 'off'>({
    fallback: 'on',
    variable: 'STATUS_STACK_PFS',
    key: 'pfs',
    help: 'send with forward secrecy',
    parse: oneOf('on', 'off'),
    expected: 'on or off'
  }),
  bell: setting<'on' | 'off'>({
    fallback: 'on',
    variable: 'STATUS_STACK_BELL',
    key: 'bell',
    help: 'ring the terminal when a message arrives in a chat that is not shown',
    parse: oneOf('on', 'off'),
    expected: 'on or off'
  }),
  timeout: setting<number>({
    fallback: 30,
    variable: 'STATUS_STACK_TIMEOUT',
    key: 'timeout',
    help: 'longest wait of one-shot commands, seconds',
    parse: positive,
    expected: 'a number above 0'
  }),
  nodeListen: setting<string>({
    fallback: '127.0.0.1:30303',
    variable: 'STATUS_STACK_NODE_LISTEN',
    key: 'node_listen',
    help: 'host:port on which `node` listens',
    parse: text,
    expected: 'host:port'
  }),
  minPow: setting<number>({
    fallback: 0.000002,
    variable: 'STATUS_STACK_MIN_POW',
    key: 'min_pow',
    help: 'lowest proof of work that `node` relays',
    parse: positive,
    expected: 'a number above 0'
  }),
  maxPeers: setting<number>({
    fallback: 25,
    variable: 'STATUS_STACK_MAX_PEERS',
    key: 'max_peers',
    help: 'most connections of `node`',
    parse: positive,
    expected: 'a number above 0'
  }),
  maxPending: setting<number>({
    fallback: 50,
    variable: 'STATUS_STACK_MAX_PENDING',
    key: 'max_pending',
    help: 'most connections to `node` whose handshake is in progress',
    parse: whole(1, 10_000),
    expected: 'a whole number from 1 to 10000'
  }),
  dialRatio: setting<number>({
    fallback: 3,
    variable: 'STATUS_STACK_DIAL_RATIO',
    key: 'dial_ratio',
    help: 'with discovery, `node` dials one of this many connections itself',
    parse: whole(1, 10_000),
    expected: 'a whole number from 1 to 10000'
  }),
  trusted: setting<readonly string[]>({
    fallback: [],
    variable: 'STATUS_STACK_TRUSTED_PEERS',
    key: 'trusted_peers',
    help: 'enode URLs that `node` lets in beyond its limits and takes direct messages from',
    parse: texts,
    expected: 'a list of enode URLs'
  }),
  light: setting<'on' | 'off'>({
    fallback: 'off',
    variable: 'STATUS_STACK_LIGHT',
    key: 'light',
    help: 'run `node` as a light node: nothing is relayed, only what its filters admit is taken',
    parse: onOff,
    expected: 'on or off'
  }),
  discovery: setting<'on' | 'off' | 'auto'>({
    fallback: 'auto',
    variable: 'STATUS_STACK_DISCOVERY',
    key: 'discovery',
    help: 'find peers by discovery v4; auto: `node` does when there are bootnodes, a client does not',
    parse: raw => (raw === 'auto' ? 'auto' : onOff(raw)),
    expected: 'on, off or auto'
  }),
  bootnodes: setting<readonly string[]>({
    fallback: [],
    variable: 'STATUS_STACK_BOOTNODES',
    key: 'bootnodes',
    help: 'enode URLs where discovery begins',
    parse: texts,
    expected: 'a list of enode URLs'
  }),
  discoveryPort: setting<number | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_DISCOVERY_PORT',
    key: 'discovery_port',
    help: 'UDP port of discovery where it is not the TCP port',
    parse: whole(0, 65_535),
    expected: 'a port from 0 to 65535'
  }),
  nat: setting<string>({
    fallback: 'none',
    variable: 'STATUS_STACK_NAT',
    key: 'nat',
    help: 'how `node` opens its ports and learns its address: none, any, upnp, pmp[:IP], extip:IP',
    parse: text,
    expected: 'none, any, upnp, pmp or extip:IP'
  }),
  netRestrict: setting<string | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_NET_RESTRICT',
    key: 'net_restrict',
    help: 'networks to keep to, as CIDR masks with commas between',
    parse: raw => (Array.isArray(raw) ? text(raw.join(',')) : text(raw)),
    expected: 'networks like 10.0.0.0/8,fd00::/8'
  }),
  metrics: setting<string | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_METRICS',
    key: 'metrics',
    help: 'host:port on which `node` serves /metrics, /healthz and /readyz',
    parse: text,
    expected: 'host:port'
  }),
  metricsHosts: setting<readonly string[]>({
    fallback: [],
    variable: 'STATUS_STACK_METRICS_HOSTS',
    key: 'metrics_hosts',
    help: 'host names by which the metrics may be asked for, beside addresses',
    parse: texts,
    expected: 'a list of host names'
  }),
  shhHosts: setting<readonly string[]>({
    fallback: [],
    variable: 'STATUS_STACK_SHH_HOSTS',
    key: 'shh_hosts',
    help: 'host names by which the shh API of `node` may be asked for, beside addresses and localhost',
    parse: texts,
    expected: 'a list of host names'
  }),
  shhHttpOrigins: setting<readonly string[]>({
    fallback: [],
    variable: 'STATUS_STACK_SHH_HTTP_ORIGINS',
    key: 'shh_http_origins',
    help: 'web origins whose pages may use the shh API of `node` over HTTP',
    parse: origins,
    expected: 'a list of origins like https://app.example'
  }),
  shhWsOrigins: setting<readonly string[]>({
    fallback: ['http://localhost'],
    variable: 'STATUS_STACK_SHH_WS_ORIGINS',
    key: 'shh_ws_origins',
    help: 'web origins whose pages may use the shh API of `node` over WebSocket',
    parse: origins,
    expected: 'a list of origins like https://app.example'
  }),
  wsHosts: setting<readonly string[]>({
    fallback: [],
    variable: 'STATUS_STACK_WS_HOSTS',
    key: 'ws_hosts',
    help: 'host names by which the WebSocket of `daemon` may be asked for, beside addresses and localhost',
    parse: texts,
    expected: 'a list of host names'
  }),
  wsOrigins: setting<readonly string[]>({
    fallback: [],
    variable: 'STATUS_STACK_WS_ORIGINS',
    key: 'ws_origins',
    help: 'web origins whose pages may use the WebSocket of `daemon`',
    parse: origins,
    expected: 'a list of origins like https://app.example'
  }),
  statusInterval: setting<number | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_STATUS_INTERVAL',
    key: 'status_interval',
    help: 'seconds between two reports of `node`',
    parse: positive,
    expected: 'a number above 0'
  })
} as const
