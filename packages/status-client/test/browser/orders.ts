/** What the test tells a tab, and what it hears back. */
export type Order =
  | { readonly do: 'open'; readonly privateKey: Uint8Array; readonly storageKey: Uint8Array; readonly database: string }
  | { readonly do: 'attach'; readonly port: MessagePort; readonly peerId: string }
  | { readonly do: 'send'; readonly to: Uint8Array; readonly text: string }
  | { readonly do: 'received' }
  | { readonly do: 'history'; readonly to: Uint8Array }
  | { readonly do: 'close' }

export interface Answer {
  readonly error?: string
  readonly publicKey?: Uint8Array
  readonly installationId?: string
  readonly messages?: readonly { readonly text: string; readonly protection: string }[]
}
