/** What a blob is taken for. */
export const blobKinds = ['auto', 'packet', 'envelope', 'protocol-message', 'sync', 'wrapper', 'frame'] as const
/** A kind of bytes that can be taken apart. */
export type BlobKind = (typeof blobKinds)[number]
