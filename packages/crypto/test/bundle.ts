import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** The sources as one minified script that leaves what `entry` exports in `result`, as a bundler makes it. */
export async function bundle(entry: string, platform: 'browser' | 'node' = 'browser'): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: fileURLToPath(new URL('../src', import.meta.url)) },
    bundle: true,
    write: false,
    minify: true,
    format: platform === 'browser' ? 'iife' : 'cjs',
    globalName: 'result',
    platform,
    conditions: ['status-stack-source', 'import'],
    define: platform === 'node' ? { 'import.meta.url': JSON.stringify(import.meta.url) } : {}
  })
  return outputFiles[0]?.text ?? ''
}
