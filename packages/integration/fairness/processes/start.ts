import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A process of the harness. */
export interface Started {
  readonly port: number
  readonly stop: () => void
}

/** Starts a file of this folder with the options of this process and waits until its doors are open. */
export async function startProcess(file: string, args: readonly string[]): Promise<Started> {
  const child: ChildProcess = fork(fileURLToPath(new URL(file, import.meta.url)), [...args])
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', message => resolve(Number(message)))
    child.once('exit', code => reject(new Error(`${file}: exited with ${code}`)))
  })
  return { port, stop: () => child.kill() }
}
