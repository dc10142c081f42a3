/** What the demo asks of a participant, one JSON object a line on its stdin. People are named by their public keys. */
export type Request =
  | { readonly do: 'join'; readonly name: string }
  | { readonly do: 'send'; readonly to: string; readonly text: string }
  | { readonly do: 'hold' }
  | { readonly do: 'held' }
  | { readonly do: 'release' }
  | { readonly do: 'traffic' }
  | { readonly do: 'create-group'; readonly name: string; readonly members: readonly string[] }
  | { readonly do: 'join-group'; readonly group: string }
  | { readonly do: 'remove-from-group'; readonly group: string; readonly member: string }
  | { readonly do: 'pair'; readonly name: string }
  | { readonly do: 'enable-device'; readonly installationId: string }
  | { readonly do: 'stop' }

/** The answer on its stdout: `reply` carries the request's number; every other line is an event of the views. */
export interface Reply {
  readonly event: 'reply'
  readonly id: number
  readonly ok: boolean
  readonly message?: string
  readonly [field: string]: unknown
}
