/** One vector: `name`, `description` and `source` are always there, the other fields depend on its section. */
export interface VectorCase {
  readonly name: string
  readonly description?: string
  readonly source?: string
  // biome-ignore lint/suspicious/noExplicitAny: each section has fields of its own; its adapter knows them.
  readonly [field: string]: any
}

/** A vector file: sections of cases. The format is described in FORMAT.md. */
export interface VectorFile {
  readonly file: string
  readonly description: string
  readonly source: unknown
  readonly sections: Readonly<Record<string, readonly VectorCase[]>>
}

export type VectorFileName =
  | 'accounts'
  | 'doubleratchet'
  | 'full-stack'
  | 'mvds'
  | 'payloads'
  | 'protocol-message'
  | 'rlpx'
  | 'status-topics'
  | 'waku'
  | 'whisper-envelope'
  | 'whisper-misc'
  | 'x3dh'

/** The vector files of this package, without their `.json` ending. */
export const vectorFiles: readonly VectorFileName[]
/** Loads one vector file; each call returns a fresh copy, so a test may change what it got. */
export function loadVectors(file: VectorFileName): Promise<VectorFile>
/** Bytes of a vector's hex string: `0x…`, `0x` is empty. @throws TypeError on anything else. */
export function vectorBytes(hex: string): Uint8Array
/** The vector spelling of bytes: lower-case hex with `0x`. */
export function vectorHex(bytes: Uint8Array): string
