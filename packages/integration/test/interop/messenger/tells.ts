import { expect } from 'vitest'
import { type More, type Person, reads, type Shown } from '../../support/person.ts'

/** Where `who` files a message of `from` in `chat`: a one-to-one chat is named after the other person. */
const placeOf = (chat: string, from: Person, to: Person): string => (chat === to.key ? from.key : chat)

/** `from` writes, all of `to` read: the same id and author everywhere, in the right chat. */
export async function tellsAll(
  from: Person,
  to: readonly Person[],
  chat: string,
  text: string,
  more: More = {}
): Promise<Shown[]> {
  const id = await from.say(chat, text, more)
  const all: Shown[] = []
  for (const reader of to) {
    const shown = await reads(reader, text)
    expect(shown).toMatchObject({ id, from: from.key, chat: placeOf(chat, from, reader), text })
    all.push(shown)
  }
  return all
}

/** The same between two people, in their chat unless another is named. */
export async function tells(from: Person, to: Person, text: string, more: More = {}): Promise<Shown> {
  const [shown] = await tellsAll(from, [to], to.key, text, more)
  return shown as Shown
}
