// What the composition itself costs. Sources are bundled first, as there is no Node here that runs TypeScript.
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'tsup'

const folder = await mkdtemp(join(fileURLToPath(new URL('..', import.meta.url)), 'node_modules', '.bench-'))
try {
  await build({
    entry: [fileURLToPath(new URL('./group-history.ts', import.meta.url))],
    outDir: folder,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    noExternal: [/^@status-stack\//],
    external: ['secp256k1'],
    config: false,
    silent: true,
    splitting: false,
    outExtension: () => ({ js: '.mjs' }),
    esbuildOptions: options => {
      options.conditions = ['status-stack-source', 'node', 'import', 'default']
    }
  })
  await import(pathToFileURL(join(folder, 'group-history.mjs')).href)
} finally {
  await rm(folder, { recursive: true })
}
