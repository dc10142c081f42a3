import { fileURLToPath } from 'node:url'
import { build } from 'tsup'
import type { TestProject } from 'vitest/node'
import type { Bridge } from './bridge.node.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    readonly bridge: Omit<Bridge, 'stop'>
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url))
let bridge: Bridge | undefined

/** Runs in Node, with the sources that a browser's conditions would resolve otherwise: bundled, then imported. */
export async function setup({ provide }: TestProject): Promise<void> {
  const outDir = `${root}node_modules/.cache/bridge`
  await build({
    config: false,
    silent: true,
    clean: true,
    entry: { bridge: `${root}test/browser/bridge.node.ts` },
    outDir,
    format: ['esm'],
    platform: 'node',
    target: 'node20',
    dts: false,
    noExternal: [/^@status-stack\//, /^@noble\//, 'snappyjs'],
    external: ['ws', 'secp256k1'],
    outExtension: () => ({ js: '.mjs' }),
    esbuildOptions: options => {
      options.conditions = ['status-stack-source', 'node', 'import', 'module', 'default']
    }
  })
  const { startBridge } = (await import(/* @vite-ignore */ `${outDir}/bridge.mjs`)) as typeof import('./bridge.node.ts')
  bridge = await startBridge()
  const { left, right, shut, full } = bridge
  provide('bridge', { left, right, shut, full })
}

export async function teardown(): Promise<void> {
  await bridge?.stop()
}
