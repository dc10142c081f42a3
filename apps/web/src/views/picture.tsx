import type { ImageType } from '@status-stack/status-client'
import { useEffect, useState } from 'preact/hooks'
import { isDrawable } from '../platform/pictures.ts'

const mediaTypes: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp'
}

/** A picture of a message: from its bytes alone, and only if its header says that it can be decoded. */
export function Picture({ bytes, type }: { readonly bytes: Uint8Array; readonly type: ImageType }) {
  const [url, setUrl] = useState<string>()
  const drawable = isDrawable(bytes)
  useEffect(() => {
    if (!drawable) return
    const made = URL.createObjectURL(new Blob([Uint8Array.from(bytes)], { type: mediaTypes[type] ?? '' }))
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [bytes, type, drawable])
  if (!drawable) return <p class="gone">A picture that is too large to draw, or damaged</p>
  return url === undefined ? null : <img class="picture" src={url} alt="Attached to this message" decoding="async" />
}
