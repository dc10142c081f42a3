/** The pixels of a picture, four bytes each, row by row. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly rgba: Uint8Array
}

const most = 4096

/**
 * Pixels of a PNG with 8 bits per channel, with or without alpha, not interlaced: the forms that encoders of icons
 * write. PNG bytes depend on the encoder, so vectors hold pixels in this wrapping.
 */
export async function decodePng(bytes: Uint8Array): Promise<Picture> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const header = {
    width: view.getUint32(16),
    height: view.getUint32(20),
    depth: bytes[24],
    colour: bytes[25],
    interlace: bytes[28]
  }
  const { width, height, depth, colour, interlace } = header
  const channels = colour === 6 ? 4 : colour === 2 ? 3 : 0
  if (depth !== 8 || channels === 0 || interlace !== 0 || width > most || height > most) {
    throw new Error(`PNG: cannot read depth ${depth}, colour type ${colour}, interlace ${interlace}`)
  }
  const stride = width * channels
  const data = await inflate(imageData(bytes, view), height * (stride + 1))
  if (data.length < height * (stride + 1)) throw new Error('PNG: the image data are too short')
  const rows = unfilter(data, height, stride, channels)
  const rgba = new Uint8Array(width * height * 4)
  for (let pixel = 0; pixel < width * height; pixel++) {
    rgba.set(rows.subarray(pixel * channels, pixel * channels + 3), pixel * 4)
    rgba[pixel * 4 + 3] = channels === 4 ? (rows[pixel * 4 + 3] ?? 0) : 255
  }
  return { width, height, rgba }
}

/** The IDAT chunks behind each other. */
function imageData(bytes: Uint8Array, view: DataView): readonly Uint8Array[] {
  const parts: Uint8Array[] = []
  for (let at = 8; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at)
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    if (type === 'IDAT') parts.push(bytes.subarray(at + 8, at + 8 + length))
    at += 12 + length
  }
  return parts
}

/** BOUNDED: by what a picture of this size needs; a stream that gives more is cut off. */
async function inflate(parts: readonly Uint8Array[], most: number): Promise<Uint8Array> {
  const stream = new Blob(parts.map(part => part.slice())).stream().pipeThrough(new DecompressionStream('deflate'))
  const out = new Uint8Array(most)
  let length = 0
  for await (const chunk of stream as unknown as AsyncIterable<Uint8Array>) {
    if (length + chunk.length > most) throw new Error(`PNG: more image data than ${most} bytes`)
    out.set(chunk, length)
    length += chunk.length
  }
  return out.subarray(0, length)
}

/** Undoes the filter of each row. SPEC: PNG, "Filtering": none, sub, up, average, Paeth. */
function unfilter(data: Uint8Array, height: number, stride: number, channels: number): Uint8Array {
  const out = new Uint8Array(height * stride)
  for (let row = 0; row < height; row++) {
    const filter = data[row * (stride + 1)] ?? 0
    for (let i = 0; i < stride; i++) {
      const at = row * stride + i
      const left = i < channels ? 0 : (out[at - channels] ?? 0)
      const up = row === 0 ? 0 : (out[at - stride] ?? 0)
      const corner = i < channels || row === 0 ? 0 : (out[at - stride - channels] ?? 0)
      out[at] = (data[row * (stride + 1) + 1 + i] ?? 0) + predict(filter, left, up, corner)
    }
  }
  return out
}

function predict(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0
  if (filter === 1) return left
  if (filter === 2) return up
  if (filter === 3) return (left + up) >> 1
  const estimate = left + up - corner
  const [toLeft, toUp, toCorner] = [left, up, corner].map(value => Math.abs(estimate - value)) as [
    number,
    number,
    number
  ]
  if (toLeft <= toUp && toLeft <= toCorner) return left
  return toUp <= toCorner ? up : corner
}
