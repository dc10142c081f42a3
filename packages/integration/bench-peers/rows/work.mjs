// Rows of single pieces of work: an envelope, a ratchet step; and two whole messengers.
import { join } from 'node:path'
import { goProgram } from '../go-programs.mjs'
import { checkouts, ourScript, statusGo, withNode } from '../nodes.mjs'
import { finished } from '../processes.mjs'

const byRow = lines => Object.fromEntries(lines.map(({ row, micros, cpuMicros }) => [row, { micros, cpuMicros }]))
const backendOf = kind => (kind === 'oursNoble' ? 'noble' : 'auto')

/** What one envelope may cost beside geth, ratios of speed. */
const envelopeAims = { 'seal sym unsigned': 0.5, 'open sym unsigned': 0.5 }

export function workRows({ row, some }) {
  row('micro', 'whisper', {
    kinds: ['ours', 'oursNoble', 'geth'],
    judged: { cpuMicros: part => envelopeAims[part] ?? 1 },
    isQuick: true,
    measure: async kind => {
      if (kind === 'geth') return byRow(await finished(goProgram('micro'), []))
      return byRow(await finished('node', [ourScript('micro.mjs'), backendOf(kind)], { checkout: checkouts[kind] }))
    }
  })
  row('micro', 'ratchet', {
    kinds: ['ours', 'oursNoble', 'statusgo'],
    judged: { cpuMicros: () => 1 / 1.5 },
    isQuick: true,
    measure: async kind => {
      if (kind === 'statusgo') return byRow(await finished(join(statusGo, 'encbench'), []))
      const units = kind === 'oursNoble' ? ['60'] : []
      return byRow(
        await finished('node', [ourScript('ratchet.mjs'), backendOf(kind), ...units], { checkout: checkouts[kind] })
      )
    }
  })
  row('client', 'two clients over one relay', {
    kinds: ['ours'],
    judged: {},
    measure: kind =>
      withNode(kind, { untrusted: true }, async (_, { enode }) => {
        const [facts] = await finished('node', [ourScript('client.mjs'), enode, String(some(1000))], {
          checkout: checkouts[kind]
        })
        return facts
      })
  })
}
