import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSandbox, jsonLines, type Sandbox } from './cli.ts'

let sandbox: Sandbox
let file: string
beforeEach(() => {
  sandbox = createSandbox()
  mkdirSync(join(sandbox.folder, 'status-stack'))
  file = join(sandbox.folder, 'status-stack', 'config.toml')
})
afterEach(() => sandbox.dispose())

/** A node's address, well formed. */
const node = (digit: string): string => `enode://${digit.repeat(128)}@127.0.0.1:303`

async function show(args: string[] = [], environment: NodeJS.ProcessEnv = {}) {
  const running = sandbox.start(['--json', 'config', 'show', ...args], {
    XDG_CONFIG_HOME: sandbox.folder,
    ...environment
  })
  running.child.stdin?.end()
  const ended = await running.ended
  return { ...ended, of: (key: string) => jsonLines(ended.stdout).find(line => line['key'] === key) }
}

describe('a setting', () => {
  test('comes from its default, then the file, then the profile’s table, then the environment, then the flag', async () => {
    expect((await show()).of('timeout')).toMatchObject({ value: 30, origin: 'default' })
    writeFileSync(file, 'timeout = 5\n[profiles.work]\ntimeout = 6\n')
    expect((await show()).of('timeout')).toMatchObject({ value: 5, origin: 'file' })
    expect((await show(['--profile', 'work'])).of('timeout')).toMatchObject({ value: 6, origin: 'file' })
    expect((await show(['--profile', 'work'], { STATUS_STACK_TIMEOUT: '7' })).of('timeout')).toMatchObject({
      value: 7,
      origin: 'environment'
    })
    expect((await show(['--profile', 'work'])).of('profile')).toMatchObject({ value: 'work', origin: 'flag' })
  })

  test('says where it comes from with --origin', async () => {
    writeFileSync(file, 'pfs = "off"\n')
    const running = sandbox.start(['config', 'show', '--origin'], { XDG_CONFIG_HOME: sandbox.folder })
    running.child.stdin?.end()
    expect((await running.ended).stdout).toContain(`pfs                     "off"  ← file ${file}`)
  })

  test.each([
    ['timeout = "soon"', 'timeout: expected a number above 0'],
    ['pfs = 7', 'pfs: expected on or off'],
    ['peers = [1]', 'peers: expected a list'],
    ['colour = "red"', 'no setting named colour'],
    ['profiles = 3', 'is not a table'],
    ['= =', 'config.toml:1:1: Invalid TOML'],
    ['pfs = "on"\ntimeout = 5 5\n', 'config.toml:2:13: Invalid TOML'],
    ['peers = ["enode://a"]', 'peers: expected a list of URLs like enode://'],
    [`mailservers = ["${node('a')}", "enode://hush@host:1"]`, 'entry 2 does not fit'],
    [`bootnodes = ["${node('a').slice(0, -3)}"]`, 'bootnodes: expected'],
    [`trusted_peers = ["${node('a').replace('a', 'x')}"]`, 'trusted_peers: expected'],
    [`peers = ["${node('a')}999"]`, 'entry 1 does not fit']
  ])('in the file that does not fit is one sentence and exit code 2: %s', async (text, sentence) => {
    writeFileSync(file, text)
    const { code, stdout } = await show()
    expect(stdout).toContain(sentence)
    expect(stdout).not.toContain('hush')
    expect(code).toBe(2)
  })

  test('of the network can come from the file, where lists and switches are what TOML has for them', async () => {
    writeFileSync(
      file,
      `discovery = true
bootnodes = ["${node('a')}", "${node('b')}"]
nat = "extip:203.0.113.9"
net_restrict = ["10.0.0.0/8", "fd00::/8"]
discovery_port = 30301
max_pending = 7
dial_ratio = 2
trusted_peers = ["${node('c')}"]
light = false
metrics = "127.0.0.1:9303"
shh_hosts = ["node.internal"]
shh_http_origins = ["https://app.example", "[::1]", "localhost"]
ws_origins = ["*"]
status_interval = 60
privacy = "both"
node_ws_listen = "127.0.0.1:8546/rlpx"
node_ws_origins = ["https://app.example", "*"]
node_ws_trusted_proxies = ["127.0.0.1/32", "10.0.0.0/8"]
node_ws_url = "wss://node.example/rlpx"
`
    )
    const shown = await show([], { STATUS_STACK_LIGHT: 'on', STATUS_STACK_BOOTNODES: `${node('d')}, ${node('e')}` })
    const values = Object.fromEntries(
      jsonLines(shown.stdout).map(({ key, value, origin }) => [key, [value, origin]] as const)
    )
    expect(values).toMatchObject({
      discovery: ['on', 'file'],
      bootnodes: [[node('d'), node('e')], 'environment'],
      nat: ['extip:203.0.113.9', 'file'],
      net_restrict: ['10.0.0.0/8,fd00::/8', 'file'],
      discovery_port: [30301, 'file'],
      max_pending: [7, 'file'],
      dial_ratio: [2, 'file'],
      trusted_peers: [[node('c')], 'file'],
      light: ['on', 'environment'],
      metrics: ['127.0.0.1:9303', 'file'],
      shh_hosts: [['node.internal'], 'file'],
      shh_http_origins: [['https://app.example', '[::1]', 'localhost'], 'file'],
      shh_ws_origins: [['http://localhost'], 'default'],
      ws_hosts: [[], 'default'],
      ws_origins: [['*'], 'file'],
      status_interval: [60, 'file'],
      privacy: ['both', 'file'],
      node_ws_listen: ['127.0.0.1:8546/rlpx', 'file'],
      node_ws_origins: [['https://app.example', '*'], 'file'],
      node_ws_trusted_proxies: [['127.0.0.1/32', '10.0.0.0/8'], 'file'],
      node_ws_url: ['wss://node.example/rlpx', 'file']
    })
  })

  test.each([
    ['discovery = 1', 'discovery: expected on, off or auto'],
    ['discovery_port = 70000', 'discovery_port: expected a port'],
    ['max_pending = 1.5', 'max_pending: expected a whole number'],
    ['shh_http_origins = ["https://app.example/"]', 'shh_http_origins: expected a list of origins'],
    ['privacy = "waku2"', 'privacy: expected whisper, waku or both'],
    ['node_ws_origins = ["app.example"]', 'node_ws_origins: expected a list of origins'],
    ['light = "perhaps"', 'light: expected on or off'],
    ['net_restrict = []', 'net_restrict: expected networks']
  ])('of the network that does not fit is refused: %s', async (text, sentence) => {
    writeFileSync(file, text)
    const { code, stdout } = await show()
    expect(stdout).toContain(sentence)
    expect(code).toBe(2)
  })

  test('in the environment that does not fit names the variable', async () => {
    const { code, stdout } = await show([], { STATUS_STACK_MAX_PEERS: 'many' })
    expect(stdout).toContain('STATUS_STACK_MAX_PEERS: expected a whole number')
    expect(code).toBe(2)
  })
})

test('a settings file that is named and not there is told of, but by what makes one', async () => {
  const named = { STATUS_STACK_CONFIG: join(sandbox.folder, 'slip.toml') }
  const warning = { event: 'warning', code: 'no-settings-file', path: named.STATUS_STACK_CONFIG }
  expect(jsonLines((await show([], named)).stdout)).toContainEqual(expect.objectContaining(warning))
  const making = sandbox.start(['--json', 'config', 'set', 'timeout', '5'], named)
  making.child.stdin?.end()
  expect((await making.ended).stdout).not.toContain('no-settings-file')
  expect((await show([], named)).stdout).not.toContain('no-settings-file')
})

test('a variable that looks like a setting and is none is named, with what was probably meant, and changes nothing', async () => {
  const slip = { STATUS_STACK_TIMEOUTS: '7', STATUS_STACK_COLOUR: 'hush', STATUS_STACK_CONFIG: '' }
  const { code, stdout, of } = await show([], slip)
  expect(code).toBe(0)
  expect(of('timeout')).toMatchObject({ value: 30, origin: 'default' })
  expect(jsonLines(stdout).filter(({ event }) => event === 'unknown-variable')).toMatchObject([
    { name: 'STATUS_STACK_TIMEOUTS', meant: 'STATUS_STACK_TIMEOUT' },
    { name: 'STATUS_STACK_COLOUR' }
  ])
  expect(stdout).not.toContain('hush')
  const { ended, child } = sandbox.start(['config', 'path'], { XDG_CONFIG_HOME: sandbox.folder, ...slip })
  child.stdin?.end()
  expect((await ended).stderr).toContain(
    '· STATUS_STACK_TIMEOUTS is no setting and is ignored; did you mean STATUS_STACK_TIMEOUT?'
  )
  // Every variable that is read somewhere is known.
  expect((await show([], { STATUS_STACK_PASSWORD: 'x', STATUS_STACK_POSTGRES_URL: 'x' })).stdout).not.toContain(
    'unknown'
  )
})
