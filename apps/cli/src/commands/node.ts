import { defineCommand } from '../command.ts'
import { flag, settingFlag, settingFlags } from '../flags.ts'

/** What `mailserver` has too. */
export const nodeFlags = () => [
  ...settingFlags(
    'nodeListen',
    'peers',
    'privacy',
    'nodeWsListen',
    'nodeWsOrigins',
    'nodeWsTrustedProxies',
    'nodeWsUrl'
  ),
  settingFlag('discovery', { what: 'find peers by discovery v4 (default: when there are bootnodes)' }),
  settingFlag('discovery', { usage: '--no-discovery', what: 'turn discovery off although there are bootnodes' }),
  ...settingFlags('bootnodes', 'discoveryPort', 'nat', 'netRestrict', 'trusted', 'ephemeral'),
  flag('--light-kdf', 'encrypt a new key with less work: for tests and weak machines'),
  ...settingFlags(
    'minPow',
    'maxPeers',
    'maxPending',
    'dialRatio',
    'light',
    'metrics',
    'metricsHosts',
    'statusInterval'
  ),
  ...settingFlags('shhIpc', 'shhHttp', 'shhWs', 'shhHosts', 'shhHttpOrigins', 'shhWsOrigins', 'secretFile')
]

/** A relay: takes, keeps and passes on envelopes; reads none. */
export const node = defineCommand({
  name: 'node',
  summary: 'run a relay that others connect to',
  flags: nodeFlags(),
  examples: [
    ['open to the network', 'node --listen 0.0.0.0:30303'],
    ['that finds its peers', 'node --listen 0.0.0.0:30303 --nat any --bootnode enode://…'],
    ['watched by Prometheus', 'node --metrics 127.0.0.1:9303'],
    ['between Whisper and Waku', 'node --privacy both --listen 0.0.0.0:30303'],
    ['for clients in web pages', 'node --ws-listen 127.0.0.1:8546 --ws-origin https://app.example'],
    ['for a test', 'node --ephemeral --listen 127.0.0.1:0'],
    ['with the shh API', 'node --shh-http 127.0.0.1:8545'],
    ['for a web page too', 'node --shh-http 127.0.0.1:8545 --shh-http-origin https://app.example']
  ],
  load: () => import('../run-relay.ts'),
  run: (context, { runRelay }) => runRelay(context)
})
