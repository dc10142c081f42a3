import type { Readable } from 'node:stream'
import { type Blob, blobsOf, captureLimits, hexOf } from '@status-stack/inspector'
import { collectBytes } from '@status-stack/utils'
import { CliError } from '../errors.ts'
import { type FileRead, readRegularFile } from '../files.ts'
import { limits as defaults, type InputLimits } from './limits.ts'

/** Everything of stdin. @throws CliError `input-too-large`, `not-readable` */
async function gather(name: string, stream: Readable, { inputBytes }: InputLimits): Promise<Uint8Array> {
  let bytes: Uint8Array | undefined
  try {
    // BOUNDED: inputBytes
    bytes = await collectBytes(chunksOf(stream), inputBytes)
  } catch {
    throw new CliError('failed', 'not-readable', `${name} cannot be read`)
  }
  if (bytes === undefined) throw new CliError('failed', 'input-too-large', `${name}: more than ${inputBytes} bytes`)
  return bytes
}

async function* chunksOf(stream: Readable): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) yield typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk
}

/** BOUNDED: inputBytes */
const inputFile = (limits: InputLimits): FileRead => ({
  what: 'the input',
  maxBytes: limits.inputBytes,
  code: 'not-readable',
  exit: 'failed'
})

export interface Sources {
  readonly paths: readonly string[]
  readonly hex?: string | undefined
  readonly stdin: Readable & { readonly isTTY?: boolean }
}

/** Every blob of a run in order: `--hex`, then each file, `-` for stdin; stdin alone when nothing is named. */
export async function readBlobs(sources: Sources, limits: InputLimits = defaults): Promise<readonly Blob[]> {
  const { paths, hex, stdin } = sources
  const blobs: Blob[] = []
  if (hex !== undefined) {
    const bytes = hexOf(hex.trim())
    if (bytes === undefined) throw new CliError('usage', 'not-hex', '--hex: expected an even number of hex digits')
    blobs.push({ source: '--hex', bytes })
  }
  const inputs = paths.length === 0 && hex === undefined ? ['-'] : paths
  if (inputs.includes('-') && stdin.isTTY === true) {
    throw new CliError('usage', 'nothing-given', 'nothing to inspect', 'name a file, give --hex, or pipe the bytes in')
  }
  for (const path of inputs) {
    const bytes = path === '-' ? await gather('stdin', stdin, limits) : await readRegularFile(path, inputFile(limits))
    for (const blob of blobsOf(path === '-' ? 'stdin' : path, bytes)) blobs.push(blob)
    // BOUNDED: captureLimits.blobs
    if (blobs.length > captureLimits.blobs)
      throw new CliError('failed', 'too-many-blobs', `more than ${captureLimits.blobs} blobs`)
  }
  if (blobs.length === 0) throw new CliError('failed', 'nothing-given', 'nothing to inspect: the input is empty')
  return blobs
}
