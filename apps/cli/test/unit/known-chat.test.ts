import { chatFact } from '@status-stack/account-rpc/testing'
import { expect, test } from 'vitest'
import { assertKnown } from '../../src/named.ts'

test('a chat that is not there is neither cleared nor left', async () => {
  const chats = async () => [
    chatFact({ kind: 'public', name: 'cats' }),
    { ...chatFact({ kind: 'public', name: 'left' }), active: false }
  ]
  const known = (name: string, joined: boolean) => assertKnown({ chats }, { kind: 'public', name }, `#${name}`, joined)
  await known('cats', true)
  await known('left', false)
  await expect(known('left', true)).rejects.toMatchObject({ code: 'unknown-chat', message: '#left is not joined' })
  await expect(known('rats', false)).rejects.toMatchObject({ message: 'nothing is stored of #rats' })
})
