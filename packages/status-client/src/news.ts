import type { BookWatcher } from './book.ts'
import type { Core } from './core.ts'
import { chatTagOf, hexKey } from './ids.ts'
import type { Chat, ChatRef, Contact, PublicKey } from './types.ts'

export interface NewsViews {
  readonly chat: (ref: ChatRef) => Chat | undefined
  readonly contact: (publicKey: PublicKey) => Contact
}

/**
 * Says `chat` and `contact` whenever a stored record changes, whoever changed it. Each is looked at when it is said, so what was
 * said last is what holds; changes that follow each other before that are said once.
 */
export function createNews(core: Pick<Core, 'announce' | 'emit'>, views: NewsViews): BookWatcher {
  // BOUNDED: one per chat and contact
  const waiting = new Set<string>()
  const say = (name: string, emit: () => void): void => {
    if (waiting.has(name)) return
    waiting.add(name)
    core.announce(name.slice(0, name.indexOf(' ')), async () => {
      waiting.delete(name)
      emit()
    })
  }
  return {
    chat: ref =>
      say(`chat ${chatTagOf(ref)}`, () => {
        const view = views.chat(ref)
        if (view !== undefined) core.emit('chat', view)
      }),
    contact: publicKey => say(`contact ${hexKey(publicKey)}`, () => core.emit('contact', views.contact(publicKey)))
  }
}
