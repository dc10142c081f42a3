import type { Accepted } from '@status-stack/interface'
import { expect, test } from 'vitest'
import { refOf, visible } from '../../src/receiving/visible.ts'
import { somebody } from '../support/core.ts'

type Content = Accepted['content']

const replyTo = `0x${'1'.repeat(64)}`
const bytes = Uint8Array.of(1)

test.each<readonly [Content, ReturnType<typeof visible>]>([
  [
    { kind: 'text', text: 'a' },
    { text: 'a', content: { kind: 'text', style: 'plain' } }
  ],
  [
    { kind: 'status', text: 'a' },
    { text: 'a', content: { kind: 'text', style: 'status' } }
  ],
  [
    { kind: 'emoji', text: 'a' },
    { text: 'a', content: { kind: 'text', style: 'emoji' } }
  ],
  [
    { kind: 'sticker', hash: 'h', pack: 1 },
    { text: '', content: { kind: 'sticker', hash: 'h', pack: 1 } }
  ],
  [
    { kind: 'sticker', hash: 'h', pack: 1, text: 'a' },
    { text: 'a', content: { kind: 'sticker', hash: 'h', pack: 1 } }
  ],
  [
    { kind: 'image', image: bytes },
    { text: '', content: { kind: 'image', type: 'png', bytes } }
  ],
  [
    { kind: 'image', image: bytes, text: 'a', format: 'jpeg' },
    { text: 'a', content: { kind: 'image', type: 'jpeg', bytes } }
  ],
  [
    { kind: 'audio', audio: bytes },
    { text: '', content: { kind: 'audio', type: 'aac', bytes, durationMs: 0 } }
  ],
  [
    { kind: 'audio', audio: bytes, text: 'a', format: 'amr', durationMs: 7 },
    { text: 'a', content: { kind: 'audio', type: 'amr', bytes, durationMs: 7 } }
  ],
  [
    { kind: 'unsupported', contentType: 99, text: 'a' },
    { text: 'a', content: { kind: 'unsupported', contentType: 99 } }
  ],
  [{ kind: 'delete', messageId: replyTo }, undefined],
  [{ kind: 'contact-update', ensName: '', picture: '' }, undefined]
])('%j', (content, shape) => {
  expect(visible(content)).toStrictEqual(shape)
  const answers = (to: string) => visible({ ...content, replyTo: to } as Content)
  // Clients write an empty id for no answer.
  expect(answers('')).toStrictEqual(shape)
  expect(answers(replyTo)).toStrictEqual(shape && { ...shape, replyTo })
})

test('chats are named as the client names them', () => {
  const publicKey = somebody()
  expect(refOf({ kind: 'one-to-one', id: '0x04', publicKey })).toStrictEqual({ kind: 'one-to-one', publicKey })
  expect(refOf({ kind: 'public', id: 'room' })).toStrictEqual({ kind: 'public', name: 'room' })
  expect(refOf({ kind: 'group', id: 'g' })).toStrictEqual({ kind: 'group', id: 'g' })
})
