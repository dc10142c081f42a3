import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSandbox, type Ended, jsonLines, type Sandbox } from './cli.ts'

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const root = process.getuid?.() === 0

let sandbox: Sandbox
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(() => sandbox.dispose())

/** A line of bash in which `status-stack` is the built program with the sandbox's flags. */
function shell(line: string, as: { readonly uid?: number } = {}): Promise<Ended> {
  const flags = `--data-dir '${sandbox.dataFolder}' --password-file '${join(sandbox.folder, 'password.txt')}'`
  const script = `set -o pipefail; status-stack() { '${process.execPath}' '${main}' ${flags} "$@"; }; ${line}`
  const child = spawn('bash', ['-c', script], { stdio: ['ignore', 'pipe', 'pipe'], cwd: sandbox.folder, ...as })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', chunk => {
    stdout += String(chunk)
  })
  child.stderr.on('data', chunk => {
    stderr += String(chunk)
  })
  return new Promise(resolve => child.on('close', code => resolve({ code, stdout, stderr })))
}

/** One or two lines for people, no stack trace. */
function expectSentence({ stderr, stdout }: Ended, sentence: RegExp): void {
  expect(stderr).toMatch(/^status-stack: \S/)
  expect(stderr).toMatch(sentence)
  expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2)
  expect(stdout).toBe('')
}

describe('output', () => {
  test('a reader that has enough ends the program quietly', async () => {
    for (const flags of ['', '--json']) {
      const { code, stdout, stderr } = await shell(`status-stack conformance ${flags} | head -1`)
      expect(stdout.trim().split('\n')).toHaveLength(1)
      expect(stderr).toBe('')
      expect(code).toBe(0)
    }
  })

  test('a reader that has enough of an export ends that quietly too', async () => {
    await sandbox.run(['init', '--light-kdf'])
    // More than a pipe holds.
    const lines = Array.from({ length: 200 }, (_, n) => `${n} ${'x'.repeat(1000)}`).join('\n')
    expect((await sandbox.run(['chat', '--to', '#x'], lines)).code).toBe(4)
    const { code, stdout, stderr } = await shell('status-stack history "#x" --export md --out - | head -1')
    expect([code, stdout, stderr]).toEqual([0, '# \\#x\n', ''])
  })

  test('a reader that leaves ends what only prints', async () => {
    await sandbox.run(['init', '--light-kdf'])
    const relay = sandbox.start(['node', '--ephemeral', '--listen', '127.0.0.1:0'])
    const enode = (await relay.until(/enode:\/\/\S+/))[0]
    const { code, stdout, stderr } = await shell(`status-stack --json listen --peer '${enode}' | head -1`)
    expect(jsonLines(stdout)).toHaveLength(1)
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const daemon = sandbox.start(['daemon', '--peer', enode])
    await daemon.until(/serving; Ctrl-C/)
    const writes = 'for n in 1 2 3 4; do status-stack send --to "#x" $n > /dev/null; done'
    const called = await shell(`${writes} & status-stack --json call --subscribe message | head -1; wait`)
    expect([called.code, jsonLines(called.stdout).length, called.stderr]).toEqual([0, 1, ''])
  })

  test('a closed stdout and a closed stderr change nothing', async () => {
    await sandbox.run(['init', '--light-kdf'])
    expect(await shell('status-stack whoami >&-')).toMatchObject({ code: 0, stdout: '' })
    expect((await shell('status-stack whoami 2>&-')).stdout).toMatch(/^zQ3sh/)
    expect((await shell('status-stack whoami --nonsense 2>&-')).code).toBe(2)
  })

  test.runIf(existsSync('/dev/full'))('output that cannot be written is an error', async () => {
    await sandbox.run(['init', '--light-kdf'])
    for (const flags of ['', '--json']) {
      const ended = await shell(
        `status-stack whoami ${flags} > /dev/full 2> errors; code=$?; cat errors >&2; exit $code`
      )
      expect(ended.stderr).toContain('status-stack: the output cannot be written: the disk is full\n')
      expect(ended.code).toBe(1)
    }
  })
})

describe('signals', () => {
  test('Ctrl-C is exit code 130, SIGTERM the end of a service', async () => {
    await sandbox.run(['init', '--light-kdf'])
    const cases = [
      [['listen'], 'SIGINT', 130],
      [['listen'], 'SIGTERM', 0],
      [['listen', '--count', '1'], 'SIGTERM', 130],
      [['node', '--ephemeral', '--listen', '127.0.0.1:0'], 'SIGINT', 130],
      [['node', '--ephemeral', '--listen', '127.0.0.1:0'], 'SIGTERM', 0],
      [['daemon'], 'SIGINT', 130]
    ] as const
    for (const [args, signal, expected] of cases) {
      const running = sandbox.start(args)
      await running.until(/Ctrl-C ends it/)
      running.child.kill(signal)
      const { code, stderr } = await running.ended
      expect(code, `${args.join(' ')} ${signal} ${stderr}`).toBe(expected)
      expect(stderr).not.toMatch(/\n\s+at /)
    }
  })

  test('Ctrl-C while a peer is waited for says so', async () => {
    await sandbox.run(['init', '--light-kdf'])
    const nobody = `enode://${'79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8'}@127.0.0.1:9`
    const running = sandbox.start(['send', '--to', '#status', '--peer', nobody, 'hello'])
    await running.until(/cannot reach/)
    running.child.kill('SIGINT')
    const { code, stderr } = await running.ended
    expect(stderr).toMatch(/status-stack: interrupted/)
    expect(code).toBe(130)
  })
})

describe('the password file', () => {
  test('missing, a folder, empty or too long is exit code 3', async () => {
    await sandbox.run(['init', '--light-kdf'])
    const put = (name: string, text: string): string => {
      writeFileSync(join(sandbox.folder, name), text)
      return join(sandbox.folder, name)
    }
    for (const [file, sentence] of [
      ['/nowhere', /cannot be read: \/nowhere/],
      [sandbox.folder, /cannot be read/],
      [put('empty', '\n'), /the password is empty/],
      [put('long', 'x'.repeat(5000)), /longer than 4096 bytes/]
    ] as const) {
      const ended = await sandbox.run(['chats', '--password-file', file])
      expectSentence(ended, sentence)
      expect(ended.code).toBe(3)
    }
  })
})

describe('files that cannot be written', () => {
  const stranger = 65_534

  test.runIf(root)('a data folder of somebody else is one sentence', async () => {
    chmodSync(sandbox.folder, 0o755)
    chmodSync(join(sandbox.folder, 'password.txt'), 0o644)
    mkdirSync(sandbox.dataFolder, { mode: 0o755 })
    for (const line of ['init --light-kdf', 'node --light-kdf --listen 127.0.0.1:0', 'keys generate --out key.hex']) {
      const ended = await shell(`status-stack ${line}`, { uid: stranger })
      expectSentence(ended, /permission was denied|cannot be written/)
      expect(ended.code).toBe(1)
    }
  })

  test.runIf(root)('a profile that may only be read opens nothing, and stays as it is', async () => {
    await sandbox.run(['init', '--light-kdf'])
    await sandbox.run(['chats', 'join', '#kept'])
    chmodSync(sandbox.folder, 0o755)
    chmodSync(join(sandbox.folder, 'password.txt'), 0o644)
    expect((await shell(`chmod -R a+rX '${sandbox.dataFolder}'`)).code).toBe(0)
    const ended = await shell('status-stack chats join "#other"', { uid: stranger })
    expectSentence(ended, /cannot be opened|permission was denied|may not be written/)
    expect(ended.code).toBe(6)
    expect((await sandbox.run(['chats'])).stdout).toBe('#kept\n')
  })

  const mounts = root && canMount()
  if (!mounts) console.warn('no file systems can be mounted here: full and read-only disks are not tested')

  /** The profiles on a small disk of their own, which a file called `filler` fills. */
  async function onFullDisk(work: () => Promise<void>): Promise<void> {
    const copy = join(sandbox.folder, 'copy')
    cpSync(sandbox.dataFolder, copy, { recursive: true })
    rmSync(sandbox.dataFolder, { recursive: true })
    mkdirSync(sandbox.dataFolder)
    mount('-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', sandbox.dataFolder)
    try {
      cpSync(copy, sandbox.dataFolder, { recursive: true })
      await shell(`head -c 1M /dev/zero > '${join(sandbox.dataFolder, 'filler')}'`)
      await work()
    } finally {
      spawnSync('umount', [sandbox.dataFolder])
    }
  }

  test.runIf(mounts)('a full and a read-only disk are one sentence, and the store stays as it was', async () => {
    await sandbox.run(['init', '--light-kdf'])
    await sandbox.run(['chats', 'join', '#kept'])
    await onFullDisk(async () => {
      for (const line of ['chats join "#other"', 'init --light-kdf --profile second']) {
        const ended = await shell(`status-stack ${line}`)
        expectSentence(ended, /the disk is full/)
        expect(ended.code).toBe(8)
      }
      rmSync(join(sandbox.dataFolder, 'filler'))
      mount('-o', 'remount,ro', sandbox.dataFolder)
      for (const line of ['chats join "#other"', 'init --light-kdf --profile second']) {
        const ended = await shell(`status-stack ${line}`)
        expectSentence(ended, /read-only|may not be written/)
        expect([1, 6]).toContain(ended.code)
      }
      // It is whole: advice to put it aside would be wrong.
      const examined = await shell('status-stack doctor')
      expect(examined.stdout).toContain('may not be written')
      expect(examined.stdout).not.toMatch(/damaged|aside/)
      expect((await shell('status-stack whoami')).code).toBe(0)
      mount('-o', 'remount,rw', sandbox.dataFolder)
      expect((await shell('status-stack chats')).stdout).toBe('#kept\n')
    })
  })

  test.runIf(mounts)('an identity can be deleted from a full disk, with its password alone', async () => {
    await sandbox.run(['init', '--light-kdf'])
    await sandbox.run(['chats', 'join', '#somewhere'])
    await onFullDisk(async () => {
      writeFileSync(join(sandbox.folder, 'wrong.txt'), 'another password', { mode: 0o600 })
      const wrong = await shell(
        `status-stack account remove --yes --password-file '${join(sandbox.folder, 'wrong.txt')}'`
      )
      expect(wrong.code).toBe(3)
      const removed = await shell('status-stack account remove --yes')
      expect(removed.code, removed.stderr).toBe(0)
      expect(readdirSync(sandbox.dataFolder)).toEqual(['filler'])
    })
  })

  test.runIf(mounts)('and one whose password is forgotten, without it', async () => {
    await sandbox.run(['init', '--light-kdf'])
    await sandbox.run(['chats', 'join', '#somewhere'])
    await onFullDisk(async () => {
      const removed = await shell('status-stack account remove --without-password --profile default --yes')
      expect(removed.code, removed.stderr).toBe(0)
      expect(readdirSync(sandbox.dataFolder)).toEqual(['filler'])
    })
  })

  function canMount(): boolean {
    const folder = createSandbox()
    try {
      mkdirSync(folder.dataFolder)
      if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder.dataFolder]).status !== 0) return false
      return spawnSync('umount', [folder.dataFolder]).status === 0
    } finally {
      void folder.dispose()
    }
  }

  function mount(...args: readonly string[]): void {
    expect(spawnSync('mount', args, { encoding: 'utf8' }).stderr).toBe('')
  }
})

/** A module that does something once the command says that it is ready, however long that takes. */
const afterReady = (work: string): string => `for (const stream of [process.stdout, process.stderr]) {
  const write = stream.write.bind(stream)
  stream.write = (text, ...rest) => {
    if (/Ctrl-C ends it|"event":"ready"/.test(String(text))) setImmediate(() => { ${work} })
    return write(text, ...rest)
  }
}
`

test('what nobody awaits is one sentence and exit code 1', async () => {
  // A module that is loaded first fails outside every command.
  const file = join(sandbox.folder, 'late.mjs')
  for (const [fault, flags] of [
    ['Promise.reject(new Error("a bug\\nin two lines"))', []],
    ['setTimeout(() => { throw new Error("a bug\\nin two lines") }, 20)', []],
    ['Promise.reject("text")', ['--json']]
  ] as const) {
    writeFileSync(file, afterReady(fault))
    await sandbox.run(['init', '--light-kdf'])
    const running = sandbox.start([...flags, 'listen'], { NODE_OPTIONS: `--import ${file}` })
    const { code, stdout, stderr } = await running.ended
    expect(stdout + stderr).not.toMatch(/\n\s+at /)
    if (flags.length > 0)
      expect(jsonLines(stdout).at(-1)).toMatchObject({ event: 'error', code: 'unexpected', message: 'text' })
    else expect(stderr).toMatch(/^status-stack: a bug; in two lines$/m)
    expect(code).toBe(1)
  }
})

test('nobody waits for a prompt where there is no terminal', async () => {
  await sandbox.run(['init', '--light-kdf'])
  const file = join(sandbox.folder, 'password.txt')
  for (const [line, sentence] of [
    [`account password --password-file '${file}'`, /--new-password-file/],
    ['account recover --profile other', /--phrase-file/]
  ] as const) {
    const ended = await shell(`status-stack ${line}`)
    expectSentence(ended, sentence)
    expect([2, 3]).toContain(ended.code)
  }
  const child = spawnSync(process.execPath, [main, '--data-dir', sandbox.dataFolder, 'chats'], {
    encoding: 'utf8',
    input: '',
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('STATUS_STACK_')))
  })
  expect(child.stderr).toContain('--password-file')
  expect(child.status).toBe(3)
})
