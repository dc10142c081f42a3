import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSandbox, jsonLines, patienceMs, type Sandbox } from './cli.ts'
import { undocumented } from './world/documentation.ts'

let sandbox: Sandbox
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(() => sandbox.dispose())

test('the demo works through every step and prints one JSON object a line', async () => {
  const { code, stdout, stderr } = await sandbox.run(['demo', '--json'])
  expect(code, stdout.slice(-3000) + stderr).toBe(0)
  const lines = jsonLines(stdout)
  expect(undocumented(lines)).toEqual([])
  const summary = lines.at(-1)
  expect(summary).toMatchObject({ event: 'summary', ok: true })
  const steps = summary?.['steps'] as { name: string; ok: boolean; protection?: string; ms: number }[]
  expect(steps.map(({ name, ok, protection }) => [name, ok, protection])).toEqual(
    expect.arrayContaining([
      ['first-contact', true, 'static-key'],
      ['reply', true, 'forward-secret'],
      ['ratchet', true, 'forward-secret'],
      ['out-of-order', true, 'forward-secret'],
      ['public', true, 'public'],
      ['group', true, 'forward-secret'],
      ['second-device', true, 'forward-secret'],
      ['mailserver', true, 'forward-secret'],
      ['offline', true, 'forward-secret']
    ])
  )
  const pids = new Set(lines.filter(line => line['event'] === 'process').map(line => line['pid']))
  // The relay, three people, a second device, and three of them again after each of two restarts.
  expect(pids.size).toBe(11)
  expect(lines.find(line => line['event'] === 'delivered-from-archive')).toMatchObject({
    source: { mailserver: expect.stringMatching(/^[0-9a-f]{64}$/) }
  })
  const layers = new Set(lines.filter(line => line['event'] === 'layer').map(line => line['layer']))
  for (const layer of ['data', 'sync', 'security', 'privacy', 'p2p']) expect(layers).toContain(layer)
})

test('a step that fails is named, and the exit code is 1', async () => {
  const { code, stdout } = await sandbox.run(['demo', '--json', '--timeout', '0.001'])
  expect(code).toBe(1)
  const lines = jsonLines(stdout)
  expect(lines.find(line => line['event'] === 'summary')).toMatchObject({
    ok: false,
    steps: [{ name: 'network', ok: false }]
  })
  expect(lines.find(line => line['event'] === 'error')).toMatchObject({
    code: 'step-failed',
    message: expect.stringContaining('network')
  })
})

test('a demo that is killed leaves no process behind', async () => {
  const demo = sandbox.start(['demo', '--json'])
  await demo.until(/"name":"first-contact"/)
  const pids = jsonLines(demo.stdout().slice(0, demo.stdout().lastIndexOf('\n')))
    .filter(({ event }) => event === 'process')
    .map(({ pid }) => Number(pid))
  expect(pids).toHaveLength(4)
  demo.child.kill('SIGKILL')
  await demo.ended
  const runs = (pid: number): boolean => {
    try {
      process.kill(pid, 0)
      return true
    } catch {
      return false
    }
  }
  const deadline = Date.now() + patienceMs / 2
  while (pids.some(runs) && Date.now() < deadline) await new Promise(resolve => setTimeout(resolve, 100))
  expect(pids.filter(runs)).toEqual([])
})
