import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { createHost, formatEnode, parseCompleteEnode } from '@status-stack/devp2p-transport'
import { createDiscovery } from '@status-stack/devp2p-transport/discovery'
import { capability } from '@status-stack/whisper'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSandbox, type Ended, jsonLines, type Sandbox } from './cli.ts'
import { type OtherNode, startOther } from './peers.ts'

let sandbox: Sandbox
const stops: (() => Promise<unknown>)[] = []
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(async () => {
  await sandbox.dispose()
  for (const stop of stops.splice(0)) await stop()
})

const other = async (...options: Parameters<typeof startOther>): Promise<OtherNode> => {
  const made = await startOther(...options)
  stops.push(made.stop)
  return made
}

/** A plain TCP server as somebody might have one at the port of the URL. */
async function tcp(accept: (socket: import('node:net').Socket) => void): Promise<number> {
  const sockets = new Set<import('node:net').Socket>()
  const server: Server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    accept(socket)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  stops.push(
    () =>
      new Promise(resolve => {
        for (const socket of sockets) socket.destroy()
        server.close(resolve)
      })
  )
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

const anyKey = () => publicKeyOf(generatePrivateKey())
const at = (tcpPort: number, publicKey = anyKey()) => formatEnode({ publicKey, host: '127.0.0.1', tcpPort })

interface Found {
  readonly check: string
  readonly state: string
  readonly message: string
  readonly hint: string | null
  readonly code?: string
}

interface Diagnosis {
  readonly code: number | null
  readonly stdout: string
  readonly findings: readonly Found[]
}

async function doctor(...args: string[]): Promise<Diagnosis> {
  return diagnosisOf(await sandbox.run(['--json', 'doctor', ...args]))
}

function diagnosisOf({ code, stdout, stderr }: Ended): Diagnosis {
  expect(stdout + stderr).not.toMatch(/\n\s+at /)
  const findings = jsonLines(stdout).filter(line => line['event'] === 'finding') as unknown as Found[]
  return { code, stdout, findings }
}

/** Where nothing will answer. */
const impatient = ['--timeout', '3']

/** The only problem, which comes with advice and makes the exit code 1. */
function soleProblem({ code, findings, stdout }: Diagnosis): Found {
  const problems = findings.filter(({ state }) => state === 'problem')
  expect(problems, stdout).toHaveLength(1)
  expect(code).toBe(1)
  expect(problems[0]?.hint).toBeTruthy()
  return problems[0] as Found
}

/** A capability that reads for ever and says nothing. */
const mute = (name: string, version: number) => ({
  name,
  version,
  length: 128,
  run: async (link: { readonly packets: () => AsyncIterable<unknown> }) => {
    for await (const _ of link.packets());
  }
})

async function hostWith(capabilities: Parameters<typeof createHost>[0]['capabilities'], options = {}) {
  const privateKey = generatePrivateKey()
  const host = createHost({ privateKey, capabilities }, options)
  await host.start()
  stops.push(() => host.stop())
  return { host, privateKey }
}

describe('doctor on this machine', () => {
  test('without a problem is exit code 0, and looking makes nothing', async () => {
    const { code, findings, stdout } = await doctor()
    expect(code, stdout).toBe(0)
    const checks = findings.map(({ check }) => check)
    for (const check of ['node', 'curve', 'disk', 'settings', 'profile', 'listen', 'peers', 'address'])
      expect(checks).toContain(check)
    expect(jsonLines(stdout).at(-1)).toMatchObject({ event: 'diagnosis', checks: findings.length, problems: 0 })
    expect(readdirSync(sandbox.folder)).toEqual(['password.txt'])
  })

  test('finds files that others may read, and a database that is damaged', async () => {
    await sandbox.run(['init', '--light-kdf'])
    await sandbox.run(['chats', 'join', 'status'])
    const well = await doctor()
    expect(
      well.findings.find(({ check }) => check === 'database'),
      well.stdout
    ).toMatchObject({ state: 'ok' })
    const account = join(sandbox.dataFolder, 'default', 'account.json')
    chmodSync(account, 0o644)
    expect(soleProblem(await doctor())).toMatchObject({
      check: 'profile files',
      message: expect.stringContaining(account),
      hint: expect.stringContaining('chmod go-rwx')
    })
    chmodSync(account, 0o600)
    const made = readFileSync(account, 'utf8')
    writeFileSync(account, made.replace(/"version": \d+/, '"version": 99'))
    expect(soleProblem(await doctor())).toMatchObject({
      check: 'profile',
      message: expect.stringContaining('made by a newer version'),
      hint: expect.stringContaining('backup')
    })
    writeFileSync(account, made)
    writeFileSync(join(sandbox.dataFolder, 'default', 'database', 'CURRENT'), 'MANIFEST-999999\n')
    expect(soleProblem(await doctor())).toMatchObject({ check: 'database' })
  })

  test('finds a port that is taken, and an address that is not of this machine', async () => {
    const port = await tcp(() => {})
    expect(soleProblem(await doctor('--listen', `127.0.0.1:${port}`))).toMatchObject({
      check: 'listen',
      message: `TCP port ${port} of 127.0.0.1 is taken`
    })
    expect(soleProblem(await doctor('--listen', '203.0.113.1:30303'))).toMatchObject({
      check: 'listen',
      message: expect.stringContaining('this machine does not have that address'),
      code: 'EADDRNOTAVAIL'
    })
  })

  test('refuses what is no URL before it dials anybody', async () => {
    const { code, stdout } = await sandbox.run(['--json', 'doctor', '--peer', at(1), '--bootnode', 'enode://12'])
    expect(code).toBe(2)
    expect(jsonLines(stdout)).toMatchObject([{ event: 'error', code: 'enode' }])
  })
})

describe('doctor on a peer', () => {
  test('that is well: reached, and its clock agrees', async () => {
    const { host } = await other()
    const { code, findings, stdout } = await doctor('--peer', host.enode())
    expect(code, stdout).toBe(0)
    expect(findings.find(({ check }) => check.startsWith('peer '))).toMatchObject({ state: 'ok' })
    expect(findings.find(({ check }) => check.startsWith('clock of peer '))).toMatchObject({
      state: 'ok',
      message: 'it accepts a fresh envelope of ours'
    })
  })

  test('whose port is closed', async () => {
    const { host } = await other()
    const enode = host.enode()
    await host.stop()
    expect(soleProblem(await doctor('--peer', enode)).message).toMatch(
      /^nothing listens at 127\.0\.0\.1:\d+: connection refused$/
    )
  })

  test('whose name is unknown', async () => {
    const enode = at(1).replace('127.0.0.1', 'no-such-host.invalid')
    expect(soleProblem(await doctor('--peer', enode)).code).toBe('no-name')
  })

  test('whose key is another one than the URL says', async () => {
    const { host } = await other()
    const enode = at(parseCompleteEnode(host.enode()).tcpPort)
    expect(soleProblem(await doctor('--peer', enode)).code).toBe('wrong-key')
  })

  test('that turns this address away, though the key is right', async () => {
    const { host, privateKey } = await hostWith([mute(capability.name, capability.version)], {
      netRestrict: '10.0.0.0/8'
    })
    const { tcpPort } = parseCompleteEnode(host.enode())
    const discovery = createDiscovery({ privateKey }, { listen: { host: '127.0.0.1', port: tcpPort }, tcpPort })
    await discovery.start()
    stops.push(discovery.stop)
    expect(soleProblem(await doctor('--peer', host.enode())).code).toBe('turned-away')
  })

  test('of another network', async () => {
    const { host } = await hostWith([mute('eth', 63)])
    expect(soleProblem(await doctor('--peer', host.enode())).code).toBe('useless-peer')
  })

  test('that is full', async () => {
    const { host } = await other({ host: { maxPeers: 0 } })
    expect(soleProblem(await doctor('--peer', host.enode()))).toMatchObject({
      message: 'it has too many peers',
      code: 'too-many-peers'
    })
  })

  test('that is no devp2p node: a web server, and one that says nothing', async () => {
    const web = await tcp(socket =>
      socket.once('data', () => socket.end(`HTTP/1.1 400 Bad Request\r\n\r\n${'x'.repeat(999)}`))
    )
    const silent = await tcp(socket => socket.resume())
    const { findings } = await doctor('--peer', at(web), '--peer', at(silent), ...impatient)
    const problems = findings.filter(({ state }) => state === 'problem').map(({ code }) => code)
    expect(problems).toEqual(['not-devp2p', 'silent'])
  })

  test('that connects and does not speak Whisper', async () => {
    const { host } = await hostWith([mute(capability.name, capability.version)])
    expect(soleProblem(await doctor('--peer', host.enode(), ...impatient)).message).toContain('sends no status')
  })

  test('outside the networks of the settings', async () => {
    const { host } = await other()
    const running = sandbox.start(['--json', 'doctor', '--peer', host.enode()], {
      STATUS_STACK_NET_RESTRICT: '10.0.0.0/8'
    })
    running.child.stdin?.end()
    const { code, stdout } = await running.ended
    expect(code).toBe(1)
    expect(stdout).toContain('is outside the networks of net_restrict')
  })

  test.each([90_000, -90_000])(
    'whose clock is off by %d ms, told by what it makes of an envelope',
    async clockOffsetMs => {
      const { host } = await other({ clockOffsetMs })
      expect(soleProblem(await doctor('--peer', host.enode()))).toMatchObject({
        check: expect.stringContaining('clock of peer'),
        message: expect.stringContaining('refuses a fresh envelope')
      })
    }
  )

  test('whose clock is off, by how much told by discovery', async () => {
    const privateKey = generatePrivateKey()
    const { host } = await other({ deps: { privateKey }, whisper: { confirmations: false } })
    const { tcpPort } = parseCompleteEnode(host.enode())
    const discovery = createDiscovery(
      { privateKey, clock: { nowMs: () => Date.now() + 3_600_000 } },
      { listen: { host: '127.0.0.1', port: tcpPort }, tcpPort }
    )
    await discovery.start()
    stops.push(discovery.stop)
    expect(soleProblem(await doctor('--peer', host.enode())).message).toMatch(/^(3599|3600|3601) s ahead of/)
  })
})

describe('doctor on others', () => {
  test('a bootnode that answers discovery, and one that does not', async () => {
    const boot = sandbox.start(['node', '--ephemeral', '--listen', '127.0.0.1:0', '--discovery'])
    const enode = (await boot.until(/enode:\/\/\S+/))[0]
    expect((await doctor('--bootnode', enode)).code).toBe(0)
    const { host } = await other()
    expect(soleProblem(await doctor('--bootnode', host.enode()))).toMatchObject({
      check: expect.stringContaining('bootnode'),
      message: 'it answers no discovery packet'
    })
  })

  test('a mailserver that serves, one that is only a relay, and one with another password', async () => {
    const archive = join(sandbox.folder, 'archive')
    mkdirSync(archive)
    const serving = sandbox.start(['mailserver', '--ephemeral', '--archive', archive, '--listen', '127.0.0.1:0'])
    const enode = (await serving.until(/enode:\/\/\S+/))[0]
    const well = await doctor('--mailserver', enode)
    expect(
      well.findings.find(({ check }) => check.startsWith('history of mailserver')),
      well.stdout
    ).toMatchObject({
      state: 'ok',
      message: 'it answers'
    })
    expect(well.code).toBe(0)
    const { host } = await other()
    expect(soleProblem(await doctor('--mailserver', host.enode(), ...impatient))).toMatchObject({
      check: expect.stringContaining('history of mailserver'),
      message: 'it answers no request'
    })
    const closed = { STATUS_STACK_MAILSERVERS: enode.replace('@', ':not-its-password@') }
    const locked = diagnosisOf(await sandbox.start(['--json', 'doctor', ...impatient], closed).ended)
    expect(soleProblem(locked).check).toContain('history of mailserver')
    expect(locked.stdout).not.toContain('not-its-password')
  })
})
