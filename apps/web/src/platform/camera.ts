import decodeQr from 'qr/decode.js'
import { PageError } from '../errors.ts'
import { limits } from '../limits.ts'

interface Detector {
  readonly detect: (source: ImageBitmapSource) => Promise<readonly { readonly rawValue: string }[]>
}

/** The browser's own reader of codes, where it has one. */
function detectorOf(scope: object): Detector | undefined {
  const { BarcodeDetector } = scope as {
    readonly BarcodeDetector?: new (options: { readonly formats: readonly string[] }) => Detector
  }
  return BarcodeDetector === undefined ? undefined : new BarcodeDetector({ formats: ['qr_code'] })
}

/** The text of a QR code in a picture of pixels; undefined when there is none. */
export function codeIn(picture: { readonly width: number; readonly height: number; readonly data: Uint8ClampedArray }) {
  try {
    const { width, height, data } = picture
    const text = decodeQr({ width, height, data })
    return text.length > limits.scannedCharacters ? undefined : text
  } catch {
    // What the library says when it finds no code.
    return undefined
  }
}

const betweenLooksMs = 150

/**
 * Looks through the camera until it sees a QR code; answers its text. The camera is let go of in any case.
 *
 * @throws PageError `no-camera` when there is none or it may not be used; rejects with the signal's reason when that aborts
 */
export async function scanCode(video: HTMLVideoElement, signal: AbortSignal): Promise<string> {
  const stream = await openCamera()
  try {
    video.srcObject = stream
    await video.play()
    const detector = detectorOf(globalThis)
    const canvas = new OffscreenCanvas(1, 1)
    for (;;) {
      signal.throwIfAborted()
      const found =
        detector === undefined ? codeIn(pictureOf(video, canvas)) : (await detector.detect(video))[0]?.rawValue
      if (found !== undefined && found !== '') return found
      await new Promise(resolve => setTimeout(resolve, betweenLooksMs))
    }
  } finally {
    for (const track of stream.getTracks()) track.stop()
    video.srcObject = null
  }
}

async function openCamera(): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false })
  } catch {
    throw new PageError('no-camera', 'there is no camera, or this page may not use it: paste the link instead')
  }
}

/** What the camera sees now, made smaller: `limits.cameraPixels` across. */
function pictureOf(video: HTMLVideoElement, canvas: OffscreenCanvas): ImageData {
  const scale = Math.min(1, limits.cameraPixels / Math.max(1, video.videoWidth, video.videoHeight))
  canvas.width = Math.max(1, Math.round(video.videoWidth * scale))
  canvas.height = Math.max(1, Math.round(video.videoHeight * scale))
  const drawing = canvas.getContext('2d', { willReadFrequently: true })
  if (drawing === null) throw new PageError('no-camera', 'this browser cannot read the picture of the camera')
  drawing.drawImage(video, 0, 0, canvas.width, canvas.height)
  return drawing.getImageData(0, 0, canvas.width, canvas.height)
}
