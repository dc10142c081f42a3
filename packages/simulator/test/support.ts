import type { Interest, Route } from '@status-stack/whisper'

const topic = Uint8Array.of(1, 2, 3, 4)
const shared = {
  key: { kind: 'symmetric' as const, key: new Uint8Array(32).fill(7) },
  guarantee: 'group-readable' as const
}

/** A place with a fixed key: no name has to be stretched into one. */
export const place: { readonly route: Route; readonly interest: Interest } = {
  route: { topic, ...shared, ttlSeconds: 60, pow: () => ({ target: 0, timeSeconds: 0 }) },
  interest: { topics: [topic], ...shared, arrival: { kind: 'public', name: 'test' } }
}
