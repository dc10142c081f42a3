import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeIdentity, patienceMs, type Sandbox } from './cli.ts'
import { type createTerminals, hasTerminal, useTerminals } from './terminal.ts'

let sandbox: Sandbox
let opened = 0
let terminals: ReturnType<typeof createTerminals>
let shell: ReturnType<ReturnType<typeof createTerminals>['openShell']>
useTerminals('how the terminal is left is not tested', async (freshSandbox, freshTerminals) => {
  sandbox = freshSandbox
  terminals = freshTerminals
  await makeIdentity(sandbox, 'alice')
})

const pidFile = (): string => join(sandbox.folder, 'pid')
/** Starts chat below an interactive shell with jobs; its process id is in a file. */
async function start(
  environment = 'NO_COLOR=1',
  args: readonly string[] = [],
  ready = /No chat is open/
): Promise<void> {
  shell = terminals.openShell(`t${++opened}`, 80, 24, 'bash --norc')
  // An error inside, on demand.
  const fault = join(sandbox.folder, 'fault.mjs')
  writeFileSync(
    fault,
    `import { writeFileSync } from 'node:fs'
writeFileSync(${JSON.stringify(pidFile())}, String(process.pid))
process.on('SIGUSR2', () => { throw new Error('a slip of ours') })\n`
  )
  const script = join(sandbox.folder, 'chat.sh')
  const line = terminals.programLine(
    ['--profile', 'alice', 'chat', ...args],
    `NODE_OPTIONS=--import=${fault} ${environment}`
  )
  writeFileSync(script, `exec ${line}\n`)
  shell.type(`PS1='$? ready> '; stty -a > ${sandbox.folder}/before; clear; sh ${script}`)
  shell.press('Enter')
  await shell.until(ready)
  expect(shell.modes()).toBe('other screen 1, cursor 0, wrap 0')
}
const pid = (): number => Number(readFileSync(pidFile(), 'utf8'))

/** The shell's prompt is back, with its exit code, and the terminal is as it was. */
async function leftAsItWas(code: number): Promise<string> {
  const screen = await shell.until(new RegExp(`^${code} ready>`, 'm'))
  expect(shell.modes()).toBe('other screen 0, cursor 1, wrap 1')
  shell.type(`stty -a > ${sandbox.folder}/after; echo same-$?`)
  shell.press('Enter')
  await shell.until(/^same-0/m)
  const [before, after] = ['before', 'after'].map(name =>
    readFileSync(join(sandbox.folder, name), 'utf8').replace(/rows \d+; columns \d+/, '')
  )
  expect(after).toBe(before)
  return screen
}

describe.skipIf(!hasTerminal)('however it ends, the terminal is left as it was', () => {
  test.each([
    [
      '/quit',
      0,
      () => {
        shell.type('/quit')
        shell.press('Enter')
      }
    ],
    ['Ctrl+C', 0, () => shell.press('C-c')],
    ['Ctrl+D', 0, () => shell.press('C-d')],
    ['SIGTERM', 0, () => process.kill(pid(), 'SIGTERM')],
    ['SIGHUP', 0, () => process.kill(pid(), 'SIGHUP')],
    ['an error inside', 1, () => process.kill(pid(), 'SIGUSR2')]
  ])('%s', async (what, code, end) => {
    await start()
    const log = join(sandbox.folder, 'log')
    shell.record(log)
    end()
    const screen = await leftAsItWas(code)
    // The last word about each mode turns it off: marked pastes and news of the keyboard are what tmux cannot be asked.
    const written = readFileSync(log, 'utf8')
    for (const mode of ['?2004', '?1004', '?1049'])
      expect(written.lastIndexOf(`\u001b[${mode}l`)).toBeGreaterThan(
        written.lastIndexOf(`\u001b[${mode}h`, written.indexOf('ready>'))
      )
    if (code === 1) {
      expect(screen).toContain('status-stack: ')
      expect(screen).toContain('a slip of ours')
      expect(screen).not.toMatch(/^\s+at /m)
    } else expect(screen, what).not.toContain('status-stack: ')
  })
})

test.skipIf(!hasTerminal)(
  'Ctrl+Z gives the shell its terminal, fg draws again; so after a stop from outside',
  async () => {
    await start()
    shell.type('half a line')
    await shell.until(/> half a line/)
    shell.press('C-z')
    await shell.until(/Stopped/)
    expect(shell.modes()).toBe('other screen 0, cursor 1, wrap 1')
    shell.type('clear; fg')
    shell.press('Enter')
    await shell.until(/No chat is open[\s\S]*> half a line/)
    // The shell's own signal may have it drawn twice.
    await expect.poll(shell.modes, { timeout: patienceMs }).toBe('other screen 1, cursor 0, wrap 0')
    process.kill(pid(), 'SIGTSTP')
    await shell.until(/Stopped/)
    shell.type('clear; fg')
    shell.press('Enter')
    await shell.until(/No chat is open[\s\S]*> half a line/)
    shell.press('C-c', 'C-c')
    await leftAsItWas(0)
  }
)

test.skipIf(!hasTerminal)('a storm of sizes down to one by one: it draws again, and ends in order', async () => {
  await start()
  shell.type('still here')
  for (let round = 0; round < 4; round++) {
    for (const [columns, rows] of [
      [1, 1],
      [5, 3],
      [19, 5],
      [20, 6],
      [200, 60],
      [2, 50],
      [120, 2],
      [64, 10]
    ] as const)
      shell.resize(columns, rows)
  }
  shell.resize(1, 1)
  shell.type('!')
  shell.resize(12, 4)
  await shell.until(/the window/)
  shell.resize(90, 30)
  const screen = await shell.until(/No chat is open[\s\S]*> still here!/)
  expect(screen.split('\n')[0]).toMatch(/^ status-stack .* ○ offline, no peer is set$/)
  shell.press('C-c', 'C-c')
  await leftAsItWas(0)
})

test.skipIf(!hasTerminal)(
  'Ctrl+X Ctrl+E hands the text to $EDITOR and takes it back; nothing is left on the disk',
  async () => {
    const seen = join(sandbox.folder, 'seen')
    const editor = join(sandbox.folder, 'editor.sh')
    writeFileSync(editor, `echo in the editor; stat -c '%a %n' "$1" > ${seen}; read answer; echo "$answer" >> "$1"\n`)
    await start(`NO_COLOR=1 VISUAL='sh ${editor}'`)
    shell.paste('first line\nsecond')
    await shell.until(/> first line\n {2}second/)
    shell.press('C-x')
    await shell.until(/Ctrl\+E opens your editor/)
    shell.press('C-e')
    await shell.until(/in the editor/)
    expect(shell.modes()).toBe('other screen 0, cursor 1, wrap 1')
    // Ctrl+C there is the editor's, or nobody's: the chat goes on.
    shell.type('typed there')
    shell.press('Enter')
    await shell.until(/> first line\n {2}second\n {2}typed there/)
    expect(shell.modes()).toBe('other screen 1, cursor 0, wrap 0')
    const [mode, file = ''] = readFileSync(seen, 'utf8').trim().split(' ')
    expect(mode).toBe('600')
    expect(existsSync(file)).toBe(false)
    expect(readdirSync(join(sandbox.dataFolder, 'alice')).filter(name => name.includes('draft'))).toEqual([])
    shell.press('C-c', 'C-c')
    await leftAsItWas(0)
  }
)

test.skipIf(!hasTerminal)('with colours there are some, with NO_COLOR there are none', async () => {
  const colors = new RegExp(`${String.fromCharCode(27)}\\[(?:[0-9]+;)*(?:[349]|10)[0-7](?:;[0-9]+)*m`)
  const wrong = (): void => {
    shell.type('/nothing')
    shell.press('Enter')
  }
  await start('FORCE_COLOR=1')
  wrong()
  await shell.until(/unknown command/)
  expect(shell.styled()).toMatch(colors)
  shell.press('C-c')
  await leftAsItWas(0)
  await start('NO_COLOR=1')
  wrong()
  await shell.until(/unknown command/)
  expect(shell.styled()).not.toMatch(colors)
})

test.skipIf(!hasTerminal)('what is typed in one go goes where it was meant, and each chat keeps its line', async () => {
  await start()
  // One read of many keys, as from a fast hand.
  shell.type('/join one')
  shell.press('Enter')
  await shell.until(/▸ #one/)
  const enter = String.fromCharCode(13)
  shell.type(`/join two${enter}for two${enter}`)
  await shell.until(/me: for two/)
  shell.type(`/to #one${enter}half a sentence`)
  await shell.until(/▸ #one[\s\S]*> half a sentence/)
  expect(shell.screen()).not.toContain('for two')
  shell.type(`${String.fromCharCode(27)}/accept`)
  await shell.until(/> half a sentence\/accept/)
  shell.press('C-n')
  await shell.until(/▸ #two[\s\S]*\n>$/m)
  shell.press('C-c')
  await leftAsItWas(0)
  await start('NO_COLOR=1', [], /▸ #/)
  shell.type(`/to #one${enter}`)
  await shell.until(/▸ #one[\s\S]*> half a sentence\/accept/)
  shell.press('C-c', 'C-c')
  await leftAsItWas(0)
})

test.skipIf(!hasTerminal)('first steps: without a profile and without a peer it says what to do', async () => {
  shell = terminals.openShell('t', 100, 30, 'sh')
  shell.type(`${terminals.programLine(['--profile', 'nobody', 'chat'])}`)
  shell.press('Enter')
  await shell.until(/make one with `status-stack --profile nobody init`/)
  await start()
  expect(shell.screen()).toMatch(/No peer is set[\s\S]*--peer enode:[\s\S]*\/qr +your contact link/)
})

test.skipIf(!hasTerminal).each(['TERM=dumb', 'INK_SCREEN_READER=true', '--plain'])(
  'line by line with %s: no escape sequences but the prompt’s, and the same commands',
  async how => {
    shell = terminals.openShell('t', 100, 40, 'sh')
    const log = join(sandbox.folder, 'log')
    const [environment, args] = how.startsWith('--') ? ['NO_COLOR=1', [how]] : [`NO_COLOR=1 ${how}`, []]
    shell.record(log)
    shell.type(`PS1='ready> '; clear; ${terminals.programLine(['--profile', 'alice', 'chat', ...args], environment)}`)
    shell.press('Enter')
    await shell.until(/no chat is open: \/to WHO or \/join #NAME/)
    expect(shell.modes()).toContain('other screen 0, cursor 1')
    shell.type('/join #hikers')
    shell.press('Enter')
    await shell.until(/chatting with #hikers/)
    shell.type('hello')
    shell.press('Enter')
    await shell.until(/no peer is connected; it is kept/)
    shell.type('/ledgr')
    shell.press('Enter')
    await shell.until(/did you mean \/ledger\?/)
    shell.type('/ledger')
    shell.press('Enter')
    await shell.until(/to #hikers: … waiting/)
    shell.type('/help policy')
    shell.press('Enter')
    await shell.until(/From outside: status-stack contacts policy/)
    shell.type('/quit')
    shell.press('Enter')
    await shell.until(/^ready>$/m)
    expect(readFileSync(log, 'utf8')).not.toMatch(/\[\?(1049|1004)h/)
  }
)

describe.skipIf(!hasTerminal)('a window that is closed', () => {
  test.each([
    ['chat', ['--profile', 'alice', 'chat'], /No chat is open/],
    ['node', ['node', '--ephemeral', '--listen', '127.0.0.1:0'], /enode:/]
  ])('ends %s in order, by the signal and without a dump', async (_, args, ready) => {
    const ended = join(sandbox.folder, 'ended')
    const script = join(sandbox.folder, 'window.sh')
    const errors = join(sandbox.folder, 'errors')
    // The shell outlives its window, passes on what it is told, and says how the program ended.
    const lines = [
      `${terminals.programLine(args)} < /dev/tty 2> ${errors} &`,
      'child=$!',
      'trap "kill -HUP $child" HUP',
      'while kill -0 $child; do wait $child; code=$?; done',
      `echo $code > ${ended}`
    ]
    writeFileSync(script, `${lines.join('\n')}\n`)
    const window = terminals.openShell(`window${++opened}`, 160, 24, `sh ${script}`)
    await window.until(ready)
    window.hangUp()
    const deadline = Date.now() + patienceMs
    while (!existsSync(ended) || readFileSync(ended, 'utf8') === '') {
      if (Date.now() > deadline) throw new Error('the program did not end')
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    expect(Number(readFileSync(ended, 'utf8'))).toBe(129)
    expect(readFileSync(errors, 'utf8')).not.toMatch(/Assertion|stack trace/)
  })
})
