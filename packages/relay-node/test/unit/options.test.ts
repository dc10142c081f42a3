import { describe, expect, test } from 'vitest'
import { familiesText } from '../../src/metrics.node.ts'
import { shareToDial, wantsDiscovery } from '../../src/options.ts'

describe('a node with discovery', () => {
  test.each([
    [25, 3, 8],
    [50, 2, 25],
    [2, 3, 1],
    [1, 1, 1],
    [10, 1, 10]
  ])('of %d connections, one of %d its own, dials %d', (maxPeers, dialRatio, dialed) => {
    expect(shareToDial(maxPeers, dialRatio)).toBe(dialed)
  })

  test('is one that was told so, or that has a bootnode and was told nothing', () => {
    const bootnodes = ['enode://…']
    expect(wantsDiscovery({ discovery: 'auto', bootnodes })).toBe(true)
    expect(wantsDiscovery({ discovery: 'auto', bootnodes: [] })).toBe(false)
    expect(wantsDiscovery({ discovery: 'on', bootnodes: [] })).toBe(true)
    expect(wantsDiscovery({ discovery: 'off', bootnodes })).toBe(false)
  })
})

test('label values are escaped, families without values left out', () => {
  const text = familiesText([
    { name: 'a', type: 'gauge', help: 'A.', values: [[{ x: 'q"b\\n\n', y: 'z' }, 1]] },
    { name: 'b', type: 'counter', help: 'B.', values: [] }
  ])
  expect(text).toBe('# HELP a A.\n# TYPE a gauge\na{x="q\\"b\\\\n\\n",y="z"} 1\n')
})
