import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundle, run } from '../helpers/processes.ts'

const tools = ['/usr/sbin/miniupnpd', '/usr/sbin/ip', '/usr/sbin/nft']
const gateway = `gw${process.pid}`
const lan = `lan${process.pid}`

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: 'pipe' })
}

function namespacesWork(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !tools.every(path => existsSync(path))) return false
  try {
    ip('netns', 'add', gateway)
    ip('netns', 'delete', gateway)
    return true
  } catch {
    return false
  }
}

const rules = `
table inet filter {
  chain forward { type filter hook forward priority 0; policy accept; jump miniupnpd; }
  chain miniupnpd { }
  chain prerouting { type nat hook prerouting priority -100; policy accept; jump prerouting_miniupnpd; }
  chain postrouting { type nat hook postrouting priority 100; policy accept; jump postrouting_miniupnpd; }
  chain prerouting_miniupnpd { }
  chain postrouting_miniupnpd { }
}
`

const config = (folder: string, version: 1 | 2): string => `
ext_ifname=ext0
ext_ip=77.0.0.1
listening_ip=gw0
enable_natpmp=yes
enable_upnp=yes
secure_mode=no
min_lifetime=60
max_lifetime=86400
lease_file=${join(folder, 'leases')}
uuid=00000000-0000-0000-0000-000000000001
force_igd_desc_v1=${version === 1 ? 'yes' : 'no'}
allow 1024-65535 0.0.0.0/0 1024-65535
deny 0-65535 0.0.0.0/0 0-65535
`

/** Skipped where there is no miniupnpd or no right to make network namespaces. */
describe.skipIf(!namespacesWork()).each([2, 1] as const)(
  'against miniupnpd in a network namespace, IGD version %d',
  version => {
    let script = ''
    let folder = ''
    let daemon: ReturnType<typeof spawn> | undefined
    const inGateway = (...args: string[]): string =>
      execFileSync('ip', ['netns', 'exec', gateway, ...args], { encoding: 'utf8' })

    beforeAll(async () => {
      script = await bundle('nat')
      folder = mkdtempSync(join(tmpdir(), 'nat-gateway-'))
      ip('netns', 'add', gateway)
      ip('netns', 'add', lan)
      ip('link', 'add', 'gw0', 'netns', gateway, 'type', 'veth', 'peer', 'name', 'lan0', 'netns', lan)
      ip('link', 'add', 'ext0', 'netns', gateway, 'type', 'veth', 'peer', 'name', 'far0', 'netns', gateway)
      for (const [space, device, address] of [
        [gateway, 'gw0', '10.77.0.1/24'],
        [gateway, 'ext0', '77.0.0.1/24'],
        [lan, 'lan0', '10.77.0.2/24']
      ] as const) {
        ip('-n', space, 'addr', 'add', address, 'dev', device)
        ip('-n', space, 'link', 'set', device, 'up')
        ip('-n', space, 'link', 'set', 'lo', 'up')
      }
      ip('-n', lan, 'route', 'add', 'default', 'via', '10.77.0.1')
      writeFileSync(join(folder, 'rules'), rules)
      inGateway('nft', '-f', join(folder, 'rules'))
      writeFileSync(join(folder, 'config'), config(folder, version))
      const args = [
        'netns',
        'exec',
        gateway,
        'miniupnpd',
        '-d',
        '-f',
        join(folder, 'config'),
        '-P',
        join(folder, 'pid')
      ]
      daemon = spawn('ip', args, { stdio: 'ignore' })
      // The kernel reports a new link as running a moment later.
      const isUp = (): boolean =>
        execFileSync('ip', ['-n', lan, 'link', 'show', 'lan0'], { encoding: 'utf8' }).includes('state UP')
      while (!isUp()) await new Promise<void>(resolve => setTimeout(resolve, 50))
      while (!inGateway('ss', '-lun').includes(':5351')) await new Promise<void>(resolve => setTimeout(resolve, 50))
    })

    afterAll(async () => {
      if (daemon !== undefined && daemon.exitCode === null) {
        const gone = new Promise<void>(resolve => daemon?.once('exit', () => resolve()))
        daemon.kill('SIGTERM')
        await gone
      }
      for (const space of [gateway, lan]) {
        try {
          ip('netns', 'delete', space)
        } catch {
          // Never made.
        }
      }
      if (folder !== '') rmSync(folder, { recursive: true, force: true })
    })

    for (const nat of version === 2 ? ['upnp', 'pmp', 'any'] : ['upnp']) {
      test(`T-32 ${nat}: both ports are mapped, the external address is learned, the mappings are deleted on stop`, async () => {
        const mapped = (): string => inGateway('nft', 'list', 'chain', 'inet', 'filter', 'prerouting_miniupnpd')
        expect(mapped()).not.toContain('30303')
        const child = run('ip', ['netns', 'exec', lan, process.execPath, script, nat])
        const line = await child.line(({ event }) => event === 'mapped')
        expect(line['address']).toBe('77.0.0.1')
        expect(line['mappings']).toEqual([
          { protocol: 'tcp', internalPort: 30_303, externalPort: 30_303 },
          { protocol: 'udp', internalPort: 30_304, externalPort: 30_304 }
        ])
        const rulesNow = mapped()
        expect(rulesNow).toContain('10.77.0.2')
        expect(rulesNow).toMatch(/(tcp|0x0*6 ).*30303/)
        expect(rulesNow).toMatch(/(udp|0x0*11 ).*30304/)
        child.say({ command: 'stop' })
        await child.line(({ event }) => event === 'stopped')
        expect(mapped()).not.toContain('30303')
        expect(mapped()).not.toContain('30304')
        // The process ends by itself: no timer or socket of the mapping is left.
        if (child.process.exitCode === null)
          await new Promise<void>(resolve => child.process.once('exit', () => resolve()))
      })
    }
  }
)
