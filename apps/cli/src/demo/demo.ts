import { interruption, outputEnded } from '@status-stack/command-line/process'
import type { Privacy } from '@status-stack/relay-node'
import { CliError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import type { Output } from '../output.ts'
import { steps } from './steps.ts'
import { createWorld, type DemoOptions } from './world.ts'

interface StepResult {
  readonly name: string
  readonly ok: boolean
  readonly protection?: string
  readonly ms: number
}

function networkText(privacy: Privacy, carrier: DemoOptions['carrier']): string {
  const protocol = { whisper: 'Whisper', waku: 'Waku', both: 'Whisper, and Waku where Bob is,' }[privacy]
  return `${protocol} over ${carrier === 'ws' ? 'WebSocket' : 'TCP'}`
}

/** The whole stack on this machine: a relay and people as processes of their own, over RLPx on loopback. */
export async function runDemo({ carrier }: DemoOptions, globals: Globals, output: Output): Promise<void> {
  const { privacy, timeout } = globals
  const world = await createWorld(output, { timeoutMs: timeout * 1000, privacy, carrier })
  const results: StepResult[] = []
  const signal = AbortSignal.any([interruption(), outputEnded])
  const interrupted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  interrupted.catch(() => {})
  try {
    output.note(
      { event: 'start', privacy, carrier },
      `A local network of the 2019–20 Status protocol, ${networkText(privacy, carrier)}: each name is a process of its own.\n`
    )
    for (const [index, step] of steps.entries()) {
      output.note({ event: 'step', name: step.name, title: step.title }, `${index + 1}. ${step.title}`)
      const started = performance.now()
      const elapsed = (): number => Math.round(performance.now() - started)
      try {
        const { protection } = await Promise.race([step.run(world), interrupted])
        const ms = elapsed()
        results.push({ name: step.name, ok: true, ...(protection === undefined ? {} : { protection }), ms })
        output.note(
          { event: 'step-done', name: step.name, ok: true, ms },
          `   ✓ ${step.name}${protection === undefined ? '' : `: ${protection}`} (${ms} ms)\n`
        )
      } catch (error) {
        results.push({ name: step.name, ok: false, ms: elapsed() })
        if (signal.aborted) throw new CliError('interrupted', 'interrupted', `interrupted in step ${step.name}`)
        throw new CliError(
          'failed',
          'step-failed',
          `step ${step.name} failed: ${error instanceof Error ? error.message : String(error)}`
        )
      }
    }
  } finally {
    await world.dispose()
    const ok = results.length === steps.length && results.every(result => result.ok)
    const seconds = Math.round(results.reduce((sum, { ms }) => sum + ms, 0) / 100) / 10
    output.data(
      { event: 'summary', ok, steps: results },
      `${ok ? 'All steps worked' : 'Not all steps worked'}: ${results.map(result => `${result.name} ${result.ok ? '✓' : '✗'}`).join(', ')} (${seconds} s)`
    )
  }
}
