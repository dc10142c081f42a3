import type { BadNetwork } from '@status-stack/simulator/bad-link'
import { CliError } from './errors.ts'

/** A bad network and a wrong clock, for demonstrations and tests. */
export interface NetworkSimulation extends BadNetwork {
  /** Seconds by which our clock is ahead; negative is behind. */
  readonly skewSeconds: number
}

const kinds: Readonly<
  Record<string, { readonly key: keyof NetworkSimulation; readonly least: number; readonly most: number }>
> = {
  loss: { key: 'loss', least: 0, most: 1 },
  delay: { key: 'delayMs', least: 0, most: 60_000 },
  dup: { key: 'dup', least: 0, most: 1 },
  skew: { key: 'skewSeconds', least: -86_400, most: 86_400 }
}

/** `loss=0.2,delay=300,dup=0.1,skew=90`; what is not named is zero. @throws CliError `simulate-network` */
export function parseSimulation(text: string): NetworkSimulation {
  const simulation = { loss: 0, delayMs: 0, dup: 0, skewSeconds: 0 }
  for (const part of text.split(',')) {
    const [name = '', value = ''] = part.split('=')
    const kind = kinds[name.trim()]
    const number = value.trim() === '' ? Number.NaN : Number(value)
    if (kind === undefined || !(number >= kind.least && number <= kind.most)) {
      throw new CliError(
        'usage',
        'simulate-network',
        `--simulate-network does not take ${part}`,
        'loss=0…1, delay=0…60000 (ms), dup=0…1, skew=±86400 (s), separated by commas'
      )
    }
    simulation[kind.key] = number
  }
  return simulation
}
