import type { Readable } from 'node:stream'
import { collectBytes } from '@status-stack/utils'
import { CliError } from '../errors.ts'
import { type FileRead, readRegularFile } from '../files.ts'
import { hexOf } from './keys-file.ts'
import { limits as defaults, type InputLimits } from './limits.ts'

/** One blob and where it came from, such as `capture.hex:3`. */
export interface Blob {
  readonly source: string
  readonly bytes: Uint8Array
}

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

/**
 * The blobs of one input: lines of hex digits, in their order, or one binary blob. Empty lines and those that begin with
 * `#` are passed over. @throws CliError `too-many-blobs`
 */
export function blobsOf(source: string, bytes: Uint8Array, limits: InputLimits = defaults): readonly Blob[] {
  const lines = hexLines(bytes)
  if (lines === undefined) return bytes.length === 0 ? [] : [{ source, bytes }]
  const blobs: Blob[] = []
  for (const [index, line] of lines.entries()) {
    const blob = hexOf(line)
    if (blob === undefined || line === '') continue
    // BOUNDED: blobs
    if (blobs.length >= limits.blobs) {
      throw new CliError('failed', 'too-many-blobs', `${source}: more than ${limits.blobs} blobs`)
    }
    blobs.push({ source: `${source}:${index + 1}`, bytes: blob })
  }
  return blobs
}

/** The lines of a text of nothing but hex digits and comments; `undefined` for anything else. Comments become empty. */
function hexLines(bytes: Uint8Array): readonly string[] | undefined {
  // Told by its bytes first: a large binary blob is never made a string.
  const beginning = bytes.subarray(0, 256)
  if (!beginning.every(byte => byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127))) return undefined
  const text = new TextDecoder('latin1').decode(bytes)
  const lines = text.split(/\r\n|[\r\n]/).map(line => (line.trimStart().startsWith('#') ? '' : line.trim()))
  return lines.every(line => line === '' || hexOf(line) !== undefined) ? lines : undefined
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
    for (const blob of blobsOf(path === '-' ? 'stdin' : path, bytes, limits)) blobs.push(blob)
    // BOUNDED: blobs
    if (blobs.length > limits.blobs) throw new CliError('failed', 'too-many-blobs', `more than ${limits.blobs} blobs`)
  }
  if (blobs.length === 0) throw new CliError('failed', 'nothing-given', 'nothing to inspect: the input is empty')
  return blobs
}
