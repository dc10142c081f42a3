import type { Audience, Sealer, SealResult } from './types.ts'

/** How far a fan-out is. */
export interface SealProgress {
  readonly done: number
  readonly total: number
}

export interface SealEachOptions {
  /** Called after each audience. */
  readonly onProgress?: (progress: SealProgress) => void
  /** Ends the fan-out before the next audience; what was sealed stays sealed. */
  readonly signal?: AbortSignal
}

/**
 * Seals the same bytes for many audiences, one after the other, and gives each result as soon as it is there, so that
 * sending can start before the last one is sealed. An audience that fails does not stop the others.
 * Work and memory grow linearly with the audiences; other calls of the sealer get their turn in between.
 * @throws the reason of `signal`
 */
export async function* sealEach(
  sealer: Pick<Sealer, 'seal'>,
  bytes: Uint8Array,
  audiences: readonly Audience[],
  { onProgress, signal }: SealEachOptions = {}
): AsyncGenerator<
  { readonly to: Audience; readonly result: SealResult } | { readonly to: Audience; readonly error: unknown },
  void,
  void
> {
  const total = audiences.length
  for (const [at, to] of audiences.entries()) {
    signal?.throwIfAborted()
    try {
      yield { to, result: await sealer.seal(bytes, to) }
    } catch (error) {
      yield { to, error }
    }
    onProgress?.({ done: at + 1, total })
  }
}
