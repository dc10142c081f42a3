import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { commandTree } from '@status-stack/command-line'
import { validate } from 'dockerfile-utils'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { createProgram } from '../../src/program.ts'
import { settingKinds } from '../../src/setting-kinds.ts'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const nodes = commandTree(createProgram())
const variables = new Set<string>([...Object.values(settingKinds).map(kind => kind.variable), 'STATUS_STACK_CONFIG'])

/** What is wrong with the words behind `status-stack`. */
function slips(words: readonly string[]): readonly string[] {
  const node = nodes.find(({ path }) => path.join(' ') === words[0])
  if (node === undefined) return [`no command ${words[0]}`]
  return words.filter(word => word.startsWith('--') && !node.flags.some(({ name }) => name === word))
}

/** Names of ours that are no settings. */
const unknown = (names: readonly string[]): readonly string[] =>
  names.filter(name => name.startsWith('STATUS_STACK_') && !variables.has(name))

const folder = mkdtempSync(join(tmpdir(), 'status-stack-deploy-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Service {
  readonly image: string
  readonly command?: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly secrets: readonly string[]
  readonly volumes: readonly string[]
  readonly healthcheck: { readonly test: readonly string[] }
  readonly depends_on?: Readonly<Record<string, unknown>>
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly secrets: Readonly<Record<string, { readonly file: string }>>
  readonly volumes: Readonly<Record<string, unknown>>
}

describe('Containerfile', () => {
  const text = read('deploy/Containerfile')

  test('a linter finds nothing', () => {
    expect(validate(text)).toEqual([])
    // The linter is one: it finds what is wrong.
    expect(validate('FROM node\nRUNN x\n')).not.toEqual([])
  })

  test('starts from exact versions, runs as a user, names only what exists', () => {
    const bases = [...text.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base)
    expect(bases).toHaveLength(2)
    for (const base of bases) expect(base).toMatch(/^docker\.io\/library\/node:\d+\.\d+\.\d+-/)
    expect(text).toMatch(/\nUSER node\n/)
    const command = JSON.parse(/^CMD (.*)$/m.exec(text)?.[1] ?? '') as string[]
    expect(slips(command)).toEqual([])
    expect(unknown([...text.matchAll(/(STATUS_STACK_[A-Z_]+)=/g)].map(([, name]) => name ?? ''))).toEqual([])
    const { packageManager } = JSON.parse(read('package.json')) as { packageManager: string }
    expect(text.match(/pnpm@[\d.]+/g)).toEqual(Array.from({ length: 3 }, () => packageManager))
  })
})

describe('compose.yaml', () => {
  const compose = parse(read('deploy/compose.yaml'), { merge: true }) as Compose
  const { node, mailserver, postgres } = compose.services as Record<string, Service>

  test('names only commands, flags and settings that exist', () => {
    for (const service of [node, mailserver]) {
      expect(slips(service?.command ?? [])).toEqual([])
      expect(unknown(Object.keys(service?.environment ?? {}))).toEqual([])
    }
  })

  test('secrets are files, volumes and services that are used are there', () => {
    for (const [name, service] of Object.entries(compose.services)) {
      expect(
        service.secrets.filter(secret => !(secret in compose.secrets)),
        name
      ).toEqual([])
      expect(
        service.volumes.map(volume => volume.split(':')[0] ?? '').filter(volume => !(volume in compose.volumes))
      ).toEqual([])
      expect(Object.keys(service.depends_on ?? {}).filter(other => !(other in compose.services))).toEqual([])
      for (const [key, value] of Object.entries(service.environment))
        if (/PASSWORD|URL/.test(key))
          expect([key, value]).toEqual([expect.stringMatching(/_FILE$/), expect.stringMatching(/^\/run\/secrets\//)])
      expect(service.healthcheck.test[0]).toBe('CMD')
    }
    // None of them is committed.
    expect(read('deploy/compose.yaml').split('\n')[0]).toMatch(/^#/)
    expect(readdirSync(join(root, 'deploy')).filter(name => name.endsWith('.txt'))).toEqual([])
  })

  test('containers can write their volume and nothing else, and have no capabilities', () => {
    for (const service of [node, mailserver]) expect([service?.read_only, service?.cap_drop]).toEqual([true, ['ALL']])
    expect(postgres?.image).toMatch(/^docker\.io\/library\/postgres:\d+\.\d+-/)
  })
})

describe('systemd', () => {
  const units = readdirSync(join(root, 'docs/systemd')).filter(name => name.endsWith('.service'))
  const analyzer = spawnSync('systemd-analyze', ['--version']).status === 0

  test('there is a unit for a relay, a mailserver and a daemon', () => {
    expect([...units].sort()).toEqual(['daemon', 'mailserver', 'node'].map(name => `status-stack-${name}.service`))
  })

  test.each(units)('%s names only what exists, and does not restart where that does not help', unit => {
    const text = read(`docs/systemd/${unit}`)
    const words = /^ExecStart=\S+ (.*)$/m.exec(text)?.[1]?.split(' ') ?? []
    expect(slips(words)).toEqual([])
    expect(unknown([...text.matchAll(/^Environment=([A-Z_]+)=/gm)].map(([, name]) => name ?? ''))).toEqual([])
    expect(text).toContain('RestartPreventExitStatus=2 3 5 6')
    expect(text).toContain('LoadCredential=password:')
  })

  test.runIf(analyzer).each(units)('%s: systemd-analyze finds nothing', unit => {
    // It looks for the program too: one that is there stands in for it.
    const text = read(`docs/systemd/${unit}`).replace('/usr/local/bin/status-stack', process.execPath)
    writeFileSync(join(folder, unit), text)
    const { stderr, status } = spawnSync('systemd-analyze', ['verify', '--man=no', join(folder, unit)], {
      encoding: 'utf8'
    })
    const about = stderr.split('\n').filter(line => line.includes(unit))
    expect([about, status]).toEqual([[], 0])
  })
  if (!analyzer) console.warn('systemd-analyze is not here: the units were not verified by it')
})

const engine = ['docker', 'podman'].find(name => spawnSync(name, ['info'], { timeout: 60_000 }).status === 0)
if (engine === undefined) console.warn('no container engine answers here: the image was not built')
test.runIf(engine !== undefined && process.env['DEPLOY_BUILD'] === '1')(
  'the image is built, and a node of it gets ready and stops in order where it can write to its volume alone',
  { timeout: 1_800_000 },
  async () => {
    // What the engine of this machine wants besides: DEPLOY_BUILD_OPTIONS='--isolation chroot --network host'.
    const besides = (name: string): string[] => process.env[name]?.split(' ') ?? []
    const ask = (...words: readonly string[]) => spawnSync(engine ?? '', words, { cwd: root, encoding: 'utf8' })
    const image = 'status-stack-test'
    const build = ['build', ...besides('DEPLOY_BUILD_OPTIONS'), '--file', 'deploy/Containerfile', '--tag', image, '.']
    const built = ask(...build)
    expect(built.status, built.stderr.slice(-2_000)).toBe(0)

    const run = ['run', '--rm', ...besides('DEPLOY_RUN_OPTIONS')]
    expect(ask(...run, image, '--version').stdout.trim()).toMatch(/^\d+\.\d+\.\d+/)
    const passwordFile = join(folder, 'password.txt')
    writeFileSync(passwordFile, 'of the node', { mode: 0o644 })
    const hardened = ['--read-only', '--tmpfs=/tmp', '--cap-drop=ALL', '--security-opt=no-new-privileges']
    const given = ['--env=STATUS_STACK_PASSWORD_FILE=/run/password', `--volume=${passwordFile}:/run/password:ro`]
    const name = `${image}-${process.pid}`
    const node = spawn(engine ?? '', [...run, '--name', name, ...hardened, ...given, image], {
      stdio: ['ignore', 'pipe', 'inherit']
    })
    const ended = once(node, 'exit')
    const events: string[] = []
    for await (const line of createInterface(node.stdout)) {
      events.push(String(JSON.parse(line).event))
      if (events.at(-1) === 'ready') ask('stop', name)
    }
    expect(events).toEqual(['listening', 'ready', 'stopping', 'status'])
    expect(await ended).toEqual([0, null])
  }
)
