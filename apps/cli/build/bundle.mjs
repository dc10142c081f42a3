// One program of our own code and of what it uses: a start reads a few files instead of several hundred.
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

export const folder = fileURLToPath(new URL('..', import.meta.url))

/** What is found beside the program when it runs: native modules, drivers that few need, and packages that are files to read. */
const external = [
  'classic-level',
  '@napi-rs/keyring',
  'pg',
  'pg-native',
  '@status-stack/web',
  '@status-stack/vectors',
  // Native helpers that ws looks for and works without; a debugger that ink looks for.
  'bufferutil',
  'utf-8-validate',
  'react-devtools-core'
]

/** Bundles from the sources, of our packages too: nothing has to be built before. Nothing is written. */
export async function bundle() {
  const { outputFiles, metafile } = await build({
    absWorkingDir: folder,
    entryPoints: {
      main: 'src/main.ts',
      // Started as a thread, by its name beside the code that starts it.
      'pow-worker.node': '../../packages/whisper/src/search/pow-worker.node.ts'
    },
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    conditions: ['status-stack-source', 'module'],
    jsx: 'automatic',
    external,
    define: { 'process.env.NODE_ENV': '"production"' },
    // CommonJS among what is bundled asks for modules of Node by `require`.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'\nconst require = __createRequire(import.meta.url)"
    },
    metafile: true,
    write: false,
    // The full screen sets the variable for runs from sources, where nothing is replaced.
    logOverride: { 'assign-to-define': 'silent' },
    logLevel: 'warning'
  })
  const dist = join(folder, 'dist')
  const files = outputFiles.map(({ path, contents }) => ({ name: relative(dist, path), contents }))
  return { files, metafile }
}

/** One word for all that is in a bundle. */
export function fingerprint(files) {
  const hash = createHash('sha256')
  for (const { name, contents } of files) hash.update(`${name} ${contents.length}\n`).update(contents)
  return hash.digest('hex').slice(0, 16)
}

export function writeFiles(files, into) {
  mkdirSync(into, { recursive: true })
  for (const { name, contents } of files) writeFileSync(join(into, name), contents)
}
