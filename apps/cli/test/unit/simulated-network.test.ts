import { describe, expect, test } from 'vitest'
import { parseSimulation } from '../../src/simulated-network.ts'

describe('--simulate-network', () => {
  test('names what it takes', () => {
    expect(parseSimulation('loss=0.2,delay=300,dup=0.1,skew=-90')).toEqual({
      loss: 0.2,
      delayMs: 300,
      dup: 0.1,
      skewSeconds: -90
    })
  })
  test.each(['', 'loss', 'loss=2', 'loss=x', 'delay=-1', 'noise=1', 'loss=0.1;dup=0.1', 'loss='])(
    'refuses %j',
    text => {
      expect(() => parseSimulation(text)).toThrowError(/does not take/)
    }
  )
})
