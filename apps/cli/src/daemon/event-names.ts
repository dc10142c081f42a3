/** What programs may subscribe to; here without what it takes to make them, for the help texts. */
export const eventNames = [
  'message',
  'change',
  'delivery',
  'refused',
  'chat',
  'contact',
  'device',
  'peer',
  'history',
  'skew',
  'notice'
] as const

export type EventName = (typeof eventNames)[number]
