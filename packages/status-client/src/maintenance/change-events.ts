import type { Core } from '../composition/core.ts'
import { chatTagOf, publicKeyHex } from '../ids.ts'
import type { ChatCacheWatcher } from '../storage/chat-cache.ts'
import type { Chat, ChatRef, Contact, PublicKey } from '../types.ts'

export interface ChangeViews {
  readonly chat: (ref: ChatRef) => Chat | undefined
  readonly contact: (publicKey: PublicKey) => Contact
}

/**
 * Emits `chat` and `contact` whenever a stored record changes. Each is read when it is emitted, so what was
 * said last is what holds; changes that follow each other before that are said once.
 */
export function createChangeEvents(core: Pick<Core, 'announce' | 'emit'>, views: ChangeViews): ChatCacheWatcher {
  // BOUNDED: one per chat and contact
  const waiting = new Set<string>()
  const emitOnce = (name: string, emit: () => void): void => {
    if (waiting.has(name)) return
    waiting.add(name)
    core.announce(name.slice(0, name.indexOf(' ')), async () => {
      waiting.delete(name)
      emit()
    })
  }
  return {
    chat: ref =>
      emitOnce(`chat ${chatTagOf(ref)}`, () => {
        const view = views.chat(ref)
        if (view !== undefined) core.emit('chat', view)
      }),
    contact: publicKey =>
      emitOnce(`contact ${publicKeyHex(publicKey)}`, () => core.emit('contact', views.contact(publicKey)))
  }
}
