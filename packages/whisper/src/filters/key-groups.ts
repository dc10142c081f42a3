import { createEnvelopeOpener, type EnvelopeOpener } from '../message/wrap.ts'
import type { InterestKey } from '../route.ts'
import { topicNumber } from '../topic.ts'
import type { KeyName } from './key-name.ts'
import type { Listener } from './listener.ts'

/** A listener with what matching needs of it. */
export interface Registration {
  readonly listener: Listener
  readonly id: string
  readonly name: KeyName
  readonly opener: EnvelopeOpener
  /** Rises with the order of registration. */
  readonly order: number
  readonly until: number
}

/** Those who have the same key. */
export type KeyGroup = Set<Registration>

type KeyGroups = Map<string, KeyGroup>

/** Symmetric keys, prepared once however many listeners have them; an identity is asked as it is. */
export function createOpeners() {
  // BOUNDED: one for each listener.
  const openers = new Map<string, { readonly opener: EnvelopeOpener; listeners: number }>()
  return {
    take: (key: InterestKey, id: string): EnvelopeOpener => {
      if (key.kind === 'asymmetric') return createEnvelopeOpener(key)
      let shared = openers.get(id)
      if (shared === undefined) {
        shared = { opener: createEnvelopeOpener(key), listeners: 0 }
        openers.set(id, shared)
      }
      shared.listeners += 1
      return shared.opener
    },
    release: (id: string): void => {
      const shared = openers.get(id)
      if (shared === undefined) return
      shared.listeners -= 1
      if (shared.listeners > 0) return
      openers.delete(id)
      shared.opener.wipe()
    }
  }
}

/** Groups of listeners, by topic and key. */
export function createGroups() {
  const byTopic = new Map<number, KeyGroups>()
  const anyTopic: KeyGroups = new Map()
  const groupsOf = ({ topics }: Listener): { readonly topic?: number; readonly groups: KeyGroups }[] => {
    if (topics.length === 0) return [{ groups: anyTopic }]
    return [...new Set(topics.map(topicNumber))].map(topic => {
      let groups = byTopic.get(topic)
      if (groups === undefined) {
        groups = new Map()
        byTopic.set(topic, groups)
      }
      return { topic, groups }
    })
  }
  return {
    byTopic,
    anyTopic,
    add: (registration: Registration): void => {
      const { listener, id } = registration
      for (const { groups } of groupsOf(listener)) {
        const group = groups.get(id)
        if (group === undefined) groups.set(id, new Set([registration]))
        else group.add(registration)
      }
    },
    remove: (registration: Registration): void => {
      const { listener, id } = registration
      for (const { topic, groups } of groupsOf(listener)) {
        const group = groups.get(id)
        group?.delete(registration)
        if (group?.size === 0) groups.delete(id)
        if (topic !== undefined && groups.size === 0) byTopic.delete(topic)
      }
    }
  }
}
