import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'

const packageFolder = fileURLToPath(new URL('../..', import.meta.url))
let work: string
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'status-stack-addon-'))
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

const copyAddon = (into: string): void => {
  execFileSync(process.execPath, [join(packageFolder, '..', '..', 'tools', 'native-addon.mjs'), into])
}

/** The package as one file far from any `node_modules`, and the name of the curve backend that it takes there. */
async function backendBeside(folder: string): Promise<string> {
  await build({
    absWorkingDir: packageFolder,
    stdin: {
      contents: `import { ecBackend } from './src/index.ts'\nprocess.stdout.write(ecBackend().name)`,
      resolveDir: packageFolder
    },
    outfile: join(folder, 'program.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['status-stack-source']
  })
  // The package manager tells its scripts where packages lie.
  const { NODE_PATH: _, ...env } = process.env
  return execFileSync(process.execPath, [join(folder, 'program.mjs')], { encoding: 'utf8', env })
}

const builds = ['darwin-arm64', 'linux-x64', 'win32-x64']
const here = `${process.platform}-${process.arch}`

test('the addon comes along for each system that it is built for, with its licence', () => {
  const folder = join(work, 'copied')
  copyAddon(folder)
  expect(readdirSync(folder).sort()).toEqual(['LICENSE', ...builds])
  expect(readdirSync(join(folder, 'linux-x64')).sort()).toEqual(['secp256k1.glibc.node', 'secp256k1.musl.node'])
})

test.runIf(builds.includes(here))('the code takes the addon beside it, nothing installed', async () => {
  const folder = join(work, 'beside')
  copyAddon(join(folder, 'native'))
  expect(await backendBeside(folder)).toBe('native')
})

test('without one it takes OpenSSL and noble, and so it does with one that does not load', async () => {
  const folder = join(work, 'without')
  expect(await backendBeside(folder)).toBe('openssl')
  copyAddon(join(folder, 'native'))
  const own = join(folder, 'native', here)
  if (existsSync(own)) {
    for (const file of readdirSync(own)) cpSync(join(folder, 'native', 'LICENSE'), join(own, file))
  }
  expect(await backendBeside(folder)).toBe('openssl')
})
