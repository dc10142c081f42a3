import { onOff, positive, setting, text, texts, whole } from '@status-stack/command-line/settings'
import { nodes, nodesExpected, origins, peerOrigins } from '../setting-values.ts'

/** Settings of `node`; `mailserver` has them too. */
export const nodeSettings = {
  nodeListen: setting<string>({
    fallback: '127.0.0.1:30303',
    variable: 'STATUS_STACK_NODE_LISTEN',
    key: 'node_listen',
    help: 'host:port on which `node` listens',
    parse: text,
    expected: 'host:port',
    flag: '--listen <address>',
    flagHelp: 'host:port to listen on (default: 127.0.0.1:30303)'
  }),
  nodeWsListen: setting<string | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_NODE_WS_LISTEN',
    key: 'node_ws_listen',
    help: 'host:port, perhaps with a /path, on which `node` accepts peers over WebSocket',
    parse: text,
    expected: 'host:port or host:port/path',
    flag: '--ws-listen <address>',
    flagHelp: 'accept peers over WebSocket on host:port[/path] as well, as web pages need it'
  }),
  nodeWsOrigins: setting<readonly string[]>({
    fallback: [],
    variable: 'STATUS_STACK_NODE_WS_ORIGINS',
    key: 'node_ws_origins',
    help: 'web origins whose pages may connect to `node` over WebSocket; * for all',
    parse: peerOrigins,
    expected: 'a list of origins like https://app.example',
    each: 'an origin like https://app.example, or *',
    flag: '--ws-origin <origin>',
    flagHelp: 'web origin whose pages may connect there (default: none); may be repeated'
  }),
  nodeWsTrustedProxies: setting<readonly string[]>({
    fallback: [],
    variable: 'STATUS_STACK_NODE_WS_TRUSTED_PROXIES',
    key: 'node_ws_trusted_proxies',
    help: 'networks of proxies whose X-Forwarded-For `node` believes',
    parse: texts,
    expected: 'a list of networks like 127.0.0.1/32',
    flag: '--ws-trusted-proxy <network>',
    flagHelp: 'proxy whose X-Forwarded-For counts: CIDR mask; may be repeated'
  }),
  nodeWsUrl: setting<string | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_NODE_WS_URL',
    key: 'node_ws_url',
    help: 'URL at which others reach the WebSocket of `node`, where a proxy stands in front',
    parse: text,
    expected: 'a URL like wss://node.example.org/rlpx',
    flag: '--ws-url <url>',
    flagHelp: 'where others reach it behind the proxy: wss://node.example.org/rlpx'
  }),
  minPow: setting<number>({
    fallback: 0.000002,
    variable: 'STATUS_STACK_MIN_POW',
    key: 'min_pow',
    help: 'lowest proof of work that `node` relays',
    parse: positive,
    expected: 'a number above 0',
    flag: '--min-pow <number>',
    flagHelp: 'lowest proof of work that is relayed'
  }),
  maxPeers: setting<number>({
    fallback: 25,
    variable: 'STATUS_STACK_MAX_PEERS',
    key: 'max_peers',
    help: 'most connections of `node`',
    parse: whole(1, 10_000),
    expected: 'a whole number from 1 to 10000',
    flag: '--max-peers <number>',
    flagHelp: 'most connections'
  }),
  maxPending: setting<number>({
    fallback: 50,
    variable: 'STATUS_STACK_MAX_PENDING',
    key: 'max_pending',
    help: 'most connections to `node` whose handshake is in progress',
    parse: whole(1, 10_000),
    expected: 'a whole number from 1 to 10000',
    flag: '--max-pending <number>',
    flagHelp: 'most connections whose handshake is in progress (default: 50)'
  }),
  dialRatio: setting<number>({
    fallback: 3,
    variable: 'STATUS_STACK_DIAL_RATIO',
    key: 'dial_ratio',
    help: 'with discovery, `node` dials one of this many connections itself',
    parse: whole(1, 10_000),
    expected: 'a whole number from 1 to 10000',
    flag: '--dial-ratio <number>',
    flagHelp: 'with discovery, dial one of this many connections itself (default: 3)'
  }),
  trusted: setting<readonly string[]>({
    fallback: [],
    variable: 'STATUS_STACK_TRUSTED_PEERS',
    key: 'trusted_peers',
    help: 'enode URLs that `node` lets in beyond its limits and takes direct messages from',
    parse: nodes,
    expected: nodesExpected,
    flag: '--trusted <enode>',
    flagHelp: 'let this node in even when the limits are reached; may be repeated'
  }),
  light: setting<'on' | 'off'>({
    fallback: 'off',
    variable: 'STATUS_STACK_LIGHT',
    key: 'light',
    help: 'run `node` as a light node: nothing is relayed, only what its filters admit is taken',
    parse: onOff,
    expected: 'on or off',
    flag: '--light',
    flagHelp: 'a light node: relays nothing, takes what the filters of its API admit'
  }),
  nat: setting<string>({
    fallback: 'none',
    variable: 'STATUS_STACK_NAT',
    key: 'nat',
    help: 'how `node` opens its ports and learns its address: none, any, upnp, pmp[:IP], extip:IP',
    parse: text,
    expected: 'none, any, upnp, pmp or extip:IP',
    flag: '--nat <how>',
    flagHelp: 'open ports and learn the address: none, any, upnp, pmp[:IP] or extip:IP (default: none)'
  }),
  metrics: setting<string | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_METRICS',
    key: 'metrics',
    help: 'host:port on which `node` serves /metrics, /healthz and /readyz',
    parse: text,
    expected: 'host:port',
    flag: '--metrics <address>',
    flagHelp: 'serve /metrics (Prometheus), /healthz and /readyz over HTTP on host:port'
  }),
  metricsHosts: setting<readonly string[]>({
    fallback: [],
    variable: 'STATUS_STACK_METRICS_HOSTS',
    key: 'metrics_hosts',
    help: 'host names by which the metrics may be asked for, beside addresses',
    parse: texts,
    expected: 'a list of host names',
    flag: '--metrics-host <name>',
    flagHelp: 'host name by which they may be asked for; may be repeated'
  }),
  shhHosts: setting<readonly string[]>({
    fallback: [],
    variable: 'STATUS_STACK_SHH_HOSTS',
    key: 'shh_hosts',
    help: 'host names by which the shh API of `node` may be asked for, beside addresses and localhost',
    parse: texts,
    expected: 'a list of host names',
    flag: '--shh-host <name>',
    flagHelp: 'host name by which the API may be asked for; may be repeated'
  }),
  shhHttpOrigins: setting<readonly string[]>({
    fallback: [],
    variable: 'STATUS_STACK_SHH_HTTP_ORIGINS',
    key: 'shh_http_origins',
    help: 'web origins whose pages may use the shh API of `node` over HTTP',
    parse: origins,
    expected: 'a list of origins like https://app.example',
    each: 'an origin like https://app.example, a host name or *',
    flag: '--shh-http-origin <origin>',
    flagHelp: 'web origin whose pages may use it over HTTP (default: none); may be repeated'
  }),
  shhWsOrigins: setting<readonly string[]>({
    fallback: ['http://localhost'],
    variable: 'STATUS_STACK_SHH_WS_ORIGINS',
    key: 'shh_ws_origins',
    help: 'web origins whose pages may use the shh API of `node` over WebSocket',
    parse: origins,
    expected: 'a list of origins like https://app.example',
    each: 'an origin like https://app.example, a host name or *',
    flag: '--shh-ws-origin <origin>',
    flagHelp: 'the same over WebSocket (default: http://localhost); may be repeated'
  }),
  statusInterval: setting<number | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_STATUS_INTERVAL',
    key: 'status_interval',
    help: 'seconds between two reports of `node`',
    parse: positive,
    expected: 'a number above 0',
    flag: '--status-interval <seconds>',
    flagHelp: 'report peers, envelopes and bytes at this interval; SIGUSR2 reports at once'
  }),
  shhIpc: setting<string | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_SHH_IPC',
    key: 'shh_ipc',
    help: 'Unix socket on which `node` serves the shh API of go-ethereum',
    parse: text,
    expected: 'a path',
    flag: '--shh-ipc <path>',
    flagHelp: 'serve the shh API of go-ethereum, and waku where it is spoken, on a Unix socket'
  }),
  shhHttp: setting<string | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_SHH_HTTP',
    key: 'shh_http',
    help: 'host:port on which `node` serves the shh API over HTTP',
    parse: text,
    expected: 'host:port',
    flag: '--shh-http <address>',
    flagHelp: 'serve it over HTTP on host:port'
  }),
  shhWs: setting<string | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_SHH_WS',
    key: 'shh_ws',
    help: 'host:port on which `node` serves the shh API over WebSocket',
    parse: text,
    expected: 'host:port',
    flag: '--shh-ws <address>',
    flagHelp: 'serve it over WebSocket on host:port'
  }),
  secretFile: setting<string | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_SECRET_FILE',
    key: 'secret_file',
    help: 'file with the secret that signs the tokens of APIs: hex of 32 bytes or more',
    parse: text,
    expected: 'a file',
    flag: '--secret-file <file>',
    flagHelp: 'hex of 32 bytes or more that signs the tokens of the API; needed beyond loopback'
  }),
  ephemeral: setting<'on' | 'off'>({
    fallback: 'off',
    variable: 'STATUS_STACK_EPHEMERAL',
    key: 'ephemeral',
    help: 'give `node` a fresh key for each run',
    parse: onOff,
    expected: 'on or off',
    flag: '--ephemeral',
    flagHelp: 'a fresh key for this run: no password, another enode URL each time'
  })
} as const
