import type { Protection } from './policy.ts'
import type { AudienceRecord } from './records.ts'

/** What the composition needs of the security layer; `status-pfs` fits it, and so does its null sealer. */
export interface Sealer<Receipt = unknown> {
  readonly seal: (bytes: Uint8Array, to: Audience) => Promise<SealResult>
  readonly open: (bytes: Uint8Array, from: { readonly sender: Uint8Array }) => Promise<OpenResult<Receipt>>
  readonly confirm: (receipt: Receipt) => Promise<void>
  readonly sealedSize: (length: number, to: Audience) => Promise<number>
  readonly standing: () => Promise<readonly Effect[]>
  readonly devices: (identity: Uint8Array) => Promise<readonly Device[]>
  readonly enable: (installationId: string, on: boolean) => Promise<void>
  /** Erases what has outlived its time in the records that nobody uses; to be called daily. */
  readonly tidy: (options?: { readonly signal?: AbortSignal }) => Promise<void>
}

export type Audience = AudienceRecord

export type Effect =
  | { readonly kind: 'rendezvous'; readonly peer: Uint8Array; readonly secret: Uint8Array }
  | { readonly kind: 'devices-changed'; readonly identity: Uint8Array }
  | { readonly kind: 'own-device-found'; readonly installationId: string }
  | { readonly kind: 'advertise'; readonly to: Audience }

export type SealResult =
  | {
      readonly kind: 'sealed'
      readonly bytes: Uint8Array
      readonly protection: Protection
      readonly rendezvous?: Uint8Array
      readonly effects: readonly Effect[]
    }
  | { readonly kind: 'nobody'; readonly effects: readonly Effect[] }

export type OpenResult<Receipt> =
  | {
      readonly kind: 'message'
      readonly bytes: Uint8Array
      readonly protection: Protection
      readonly strongest: Protection
      readonly device?: string
      readonly receipt?: Receipt
      readonly effects: readonly Effect[]
    }
  | { readonly kind: 'nothing'; readonly effects: readonly Effect[] }
  | { readonly kind: 'unreadable'; readonly reason: string; readonly effects: readonly Effect[] }

export interface Device {
  readonly installationId: string
  readonly self: boolean
  readonly enabled: boolean
  readonly targeted: boolean
}
