import { randomBytes } from '@status-stack/crypto'
import type { DataLayer } from '@status-stack/interface'
import { brokenCases, dataLayerCases } from '@status-stack/interface/testing'
import { describe, expect, test } from 'vitest'
import { dataLayer } from '../../src/index.ts'
import { alice, bob, carol } from '../support/chats.ts'

const random = { bytes: randomBytes }
const casesOf = (layer: DataLayer) => dataLayerCases(async () => ({ layer, identities: [alice, bob, carol], random }))

describe('the data layer keeps its contract', () => {
  for (const { name, run } of casesOf(dataLayer)) test(name, run)
})

describe('the contract of the data layer refuses', () => {
  const { groups, clocks, contacts } = dataLayer
  const broken: readonly (readonly [string, DataLayer])[] = [
    [
      'a layer that believes whoever posts',
      { ...dataLayer, decode: (bytes, seen) => dataLayer.decode(bytes, { ...seen, transportAuthor: alice.publicKey }) }
    ],
    [
      'a layer that reads the messages of others',
      {
        ...dataLayer,
        decode: async (bytes, seen) => {
          const result = await dataLayer.decode(bytes, seen)
          if (result.kind === 'accepted') return result
          return dataLayer.decode(bytes, { ...seen, self: bob.publicKey })
        }
      }
    ],
    [
      'a layer that refuses clocks ahead for good',
      {
        ...dataLayer,
        decode: async (bytes, seen) => {
          const result = await dataLayer.decode(bytes, seen)
          return result.kind === 'refused' ? { ...result, final: true } : result
        }
      }
    ],
    [
      'a layer that throws at bad bytes',
      {
        ...dataLayer,
        decode: async (bytes, seen) => {
          const result = await dataLayer.decode(bytes, seen)
          if (result.kind === 'refused') throw new Error(result.reason)
          return result
        }
      }
    ],
    [
      'a layer whose bytes differ each time',
      {
        ...dataLayer,
        outgoing: (chat, content, context) => ({
          ...dataLayer.outgoing(chat, content, context),
          bytes: randomBytes(100)
        })
      }
    ],
    [
      'a layer that keeps another message than it sends',
      {
        ...dataLayer,
        outgoing: (chat, content, context) => {
          const out = dataLayer.outgoing(chat, content, context)
          return { ...out, local: { ...out.local, clock: out.local.clock + 1 } }
        }
      }
    ],
    [
      'a layer that follows any last clock',
      {
        ...dataLayer,
        outgoing: (chat, content, context) => {
          const { ignoredLastClock: _, ...out } = dataLayer.outgoing(chat, content, context)
          return out
        }
      }
    ],
    [
      'a layer that admits everything',
      { ...dataLayer, admit: () => ({ kind: 'admitted', as: 'message', evictsRequest: false }) }
    ],
    ['a layer that forgets deletions', { ...dataLayer, clocks: { ...clocks, isRemoved: () => false } }],
    ['a layer that deletes ahead of time', { ...dataLayer, clocks: { ...clocks, deletion: lastClock => lastClock } }],
    [
      'a layer that adds blocked people',
      {
        ...dataLayer,
        contacts: { ...contacts, next: (contact, event) => contacts.next({ ...contact, blocked: false }, event) }
      }
    ],
    ['a layer without quotas', { ...dataLayer, spendQuota: (_, nowMs) => ({ tokens: 1, atMs: nowMs }) }],
    [
      'a layer that forgets what is stored when events come',
      {
        ...dataLayer,
        groups: { ...groups, merge: (id, _, received, at) => groups.merge(id, [], received, at) }
      }
    ],
    [
      'a layer that writes a line as often as an event comes',
      {
        ...dataLayer,
        groups: { ...groups, lines: events => events.flatMap(event => groups.lines([event])) }
      }
    ],
    ['a layer that names no one', { ...dataLayer, mentionedKeys: () => [] }]
  ]
  for (const [name, layer] of broken) {
    test(name, async () => expect(await brokenCases(casesOf(layer))).not.toEqual([]))
  }
})
