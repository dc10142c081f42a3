// Types the shell blocks of texts as their readers do, in folders that hold nothing but what the text gives them, with packages from the
// registry that npm is set to. What one line prints (an enode URL, a socket) takes the place of what the next leaves open; a relay listens
// on loopback.
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { programs as databasePrograms, startDatabase } from '../examples/fleet-on-postgresql/test/database.js'
import { blocksOf } from './code-blocks.mjs'
import { examples } from './example-projects.mjs'
import { exampleOf, publicPackages } from './packed.mjs'
import { createTranscript, typedLines, typeLine } from './typist.mjs'

const patienceMs = 300_000
const quiet = { npm_config_audit: 'false', npm_config_fund: 'false' }
/** How a reader begins, who is told of an empty folder. */
const empty = 'npm init --yes && npm pkg set type=module'
/** What a line says that goes on until it is told to end: where it is reached. */
const address = /enode:\/\/[0-9a-f]{128}@\S+|http:\/\/127\.0\.0\.1:\d+|^\/\S+socket$|^ready$/m
/** Of the repository's own: its tests run them, here and in a copy (tools/example-projects.mjs). */
const ofRepository = /^pnpm /

/** The shell blocks of a text, each as the lines that its reader types. */
export function typedBlocks(text, file) {
  return blocksOf(text, file)
    .filter(({ language }) => language === 'sh')
    .map(({ code }) => typedLines(code).filter(line => !ofRepository.test(line)))
    .filter(lines => lines.length > 0)
}

/** What the reader of a tutorial has seen at its end, by the folder of the tutorial. */
export const outcomes = {
  'echo-bot': /^ready$/m,
  'fleet-on-postgresql': /enode:\/\/[\s\S]+enode:\/\//,
  'mvds-lossy-link': /bob showed 20 messages, 20 of them different/,
  'ratchet-web-app': /http:\/\/127\.0\.0\.1:\d+/,
  'relay-with-history': /archived by [\s\S]+see you at eight/,
  'rlpx-capability': /^hello$/m,
  'whisper-own-transport': /bob heard "hello Bob"/
}

/**
 * Installs each package as its README says, alone and by name, and runs the first example there.
 * @param input as of `followTutorials`
 */
export async function installEach({ work, environment, claim }) {
  const queue = publicPackages().filter(({ folder, json }) => json.bin === undefined && exampleOf(folder) !== undefined)
  const install = async ({ folder, json }) => {
    const home = join(work, `user-of-${basename(folder)}`)
    mkdirSync(home)
    writeFileSync(join(home, 'example.mjs'), exampleOf(folder))
    const shell = createShell(home, { ...environment, ...quiet })
    const lines = typedBlocks(readFileSync(join(folder, 'README.md'), 'utf8'), json.name).flat()
    const [named, ...others] = lines.filter(line => line.startsWith('npm install @'))
    for (const line of [empty, named, ...others, 'node example.mjs </dev/null']) await shell.type(line)
    claim(named.split(' ').includes(json.name), `${json.name}: installed by name, runs the example of its README`)
  }
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await install(next)
  }
  await Promise.all([worker(), worker()])
}

/**
 * Follows every tutorial that names packages to install or the program.
 * @param input `work`: a folder for the readers' own; `environment`: of their shells, with the registry; `claim(holds, what)`
 */
export async function followTutorials({ work, environment, claim }) {
  for (const { folder } of examples()) {
    const name = basename(folder)
    const blocks = typedBlocks(readFileSync(join(folder, 'README.md'), 'utf8'), `${name}/README.md`)
    if (blocks.length === 0) continue
    if (name === 'fleet-on-postgresql' && databasePrograms === undefined) {
      console.log(`skipped  ${name}: PostgreSQL is not installed`)
      continue
    }
    const reader = await settle({ name, folder, work, environment })
    try {
      for (const [at, lines] of blocks.entries()) {
        // Another block is another way to the same.
        if (at > 0) await reader.endLines()
        for (const line of lines) await reader.type(line)
      }
      const [seen] = await reader.until(outcomes[name])
      claim(
        name !== 'ratchet-web-app' || (await servesPage(seen)),
        `${name}: ${blocks.flat().length} lines typed, as they stand`
      )
    } finally {
      await reader.leave()
    }
  }
}

async function servesPage(url) {
  const page = await (await fetch(`${url}/?alice`)).text()
  const script = await fetch(new URL(/<script[^>]* src="([^"]+)"/.exec(page)[1], url))
  return script.ok && (await script.text()).includes('BroadcastChannel')
}

/** A reader at the beginning of a tutorial. */
async function settle({ name, folder, work, environment }) {
  const home = join(work, `reader-of-${name}`)
  mkdirSync(home)
  for (const part of ['src', 'public', 'echo_bot.py'])
    if (existsSync(join(folder, part))) cpSync(join(folder, part), join(home, part), { recursive: true })
  writeFileSync(join(home, 'password'), 'of a reader\n', { mode: 0o600 })
  const prefix = join(work, 'global')
  const database = name === 'fleet-on-postgresql' ? await startDatabase(databasePrograms) : undefined
  const ofDatabase = database ? { PGHOST: database.folder, PGUSER: 'postgres' } : {}
  const shell = createShell(home, {
    ...environment,
    ...ofDatabase,
    HOME: home,
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CONFIG_HOME: join(home, 'config'),
    PATH: [join(prefix, 'bin'), databasePrograms, environment.PATH].filter(part => part !== undefined).join(':'),
    ...quiet,
    npm_config_prefix: prefix,
    STATUS_STACK_PASSWORD_FILE: join(home, 'password')
  })
  // The prose takes the program and a node for granted.
  if (name === 'echo-bot')
    for (const line of ['npm install --global status-stack', 'status-stack node --ephemeral --listen 127.0.0.1:0'])
      await shell.type(line)
  return {
    ...shell,
    type: line => shell.type(database ? line.replace('localhost/archive', `/archive?host=${database.folder}`) : line),
    leave: async () => {
      await shell.endLines()
      await database?.stop()
    }
  }
}

/** The terminals of one reader. Lines that go on do so, each in its own. */
function createShell(cwd, env) {
  const transcript = createTranscript(patienceMs)
  const learned = { enode: undefined, socket: undefined }
  const typed = []

  const fill = line =>
    line
      .replaceAll('0.0.0.0', '127.0.0.1')
      .replace(/enode:\/\/…@\S+/g, () => learned.enode)
      .replace('PATH_OF_THE_SOCKET', () => learned.socket)

  return {
    /** Resolves once the line has ended well, or says where it is reached. */
    type: async line => {
      const one = await typeLine({ line: fill(line), cwd, env, saysItGoesOn: address, patienceMs, transcript })
      typed.push(one)
      learned.enode = /enode:\/\/[0-9a-f]{128}@\S+/.exec(one.text())?.[0] ?? learned.enode
      learned.socket = /^\/\S+socket$/m.exec(one.text())?.[0] ?? learned.socket
    },
    /** What was printed so far or is next, as soon as it matches. */
    until: transcript.until,
    /** Ends the lines that go on. */
    endLines: async () => {
      for (const { end } of typed.splice(0)) await end()
    }
  }
}
