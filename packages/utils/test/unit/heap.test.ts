import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHeap } from '../../src/index.ts'

interface Placed {
  readonly value: number
  at: number
}

const placedHeap = () =>
  createHeap<Placed>((a, b) => a.value - b.value, {
    get: item => item.at,
    set: (item, at) => {
      item.at = at
    }
  })

test('a heap gives up any of its items and stays in order', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer(), fc.boolean())), pairs => {
      const heap = placedHeap()
      const items = pairs.map(([value]) => ({ value, at: -1 }))
      for (const item of items) heap.push(item)
      const left = items.filter((item, i) => {
        if (pairs[i]?.[1] === true) return true
        heap.remove(item)
        return false
      })
      expect(heap.size()).toBe(left.length)
      const out: number[] = []
      for (let least = heap.peek(); least !== undefined; least = heap.peek()) {
        out.push(least.value)
        heap.remove(least)
      }
      expect(out).toEqual(left.map(({ value }) => value).sort((a, b) => a - b))
    })
  )
})

test('a heap gives up its items in order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), items => {
      const heap = placedHeap()
      for (const value of items) heap.push({ value, at: -1 })
      const out = items.map(() => {
        const least = heap.peek()
        if (least !== undefined) heap.remove(least)
        return least?.value
      })
      expect(out).toEqual([...items].sort((a, b) => a - b))
      expect(heap.peek()).toBeUndefined()
    })
  )
})
