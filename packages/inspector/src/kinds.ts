/** What a blob is taken for. */
export const blobKinds = ['auto', 'packet', 'envelope', 'protocol-message', 'sync', 'wrapper', 'frame'] as const
export type BlobKind = (typeof blobKinds)[number]
