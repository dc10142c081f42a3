import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the built status-go messenger. */
    messenger: string
  }
}

const builder = fileURLToPath(new URL('../../../interop/build-messenger.mjs', import.meta.url))

/** Builds the status-go messenger, or takes the kept one, before any scenario is played. */
export async function setup(project: TestProject): Promise<void> {
  const child = spawn(process.execPath, [builder], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', data => {
    said += String(data)
  })
  const status = await new Promise(resolve => child.once('close', resolve))
  if (status !== 0) throw new Error(said.trim())
  project.provide('messenger', said.trim())
}
