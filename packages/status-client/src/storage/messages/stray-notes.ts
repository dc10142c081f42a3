import type { NoteRecord } from '../records.ts'
import type { Keys } from '../stores/keys.ts'
import type { Store } from '../stores/store.ts'

/** Notes that are deleted in one batch. */
const sweptAtOnce = 500

interface Candidate {
  readonly key: string
  readonly atMs: number
}

/** How many notes wait for their messages in chats that there are: by the name of their author, and of whoever an earlier release noted. */
async function waitingNotes(
  store: Store
): Promise<{ readonly byAuthor: Map<string, number>; readonly anyone: number }> {
  const byAuthor = new Map<string, number>()
  let anyone = 0
  for await (const key of store.keys({ gte: 'early!', lt: 'early!~' })) {
    const [, , author = '', hash] = key.split('!')
    if (hash === undefined) anyone += 1
    else byAuthor.set(author, (byAuthor.get(author) ?? 0) + 1)
  }
  return { byAuthor, anyone }
}

/** Notes of messages that are not known, by the name of their author. */
async function notesWithoutMessage(store: Store, keys: Keys): Promise<Map<string, Candidate[]>> {
  const found = new Map<string, Candidate[]>()
  let message: string | undefined
  let isKnown = false
  for await (const key of store.keys({ gte: 'note!', lt: 'note!~' })) {
    const [, name = ''] = key.split('!')
    if (name !== message) {
      message = name
      isKnown = await store.has(keys.indexNamed(name))
    }
    if (isKnown) continue
    const note = await store.get<NoteRecord>(key)
    if (note === undefined) continue
    const author = keys.earlyAuthor(note.author)
    found.set(author, [...(found.get(author) ?? []), { key, atMs: note.atMs }])
  }
  return found
}

/**
 * Deletes the notes that earlier releases left behind: they dropped a chat, and what waited there for its messages stayed. Such a note does
 * not say where it belonged. So of each author as many stay as still wait somewhere, the latest of them. Runs once in the life of a
 * store, and again after a chat was dropped in which an earlier release had noted something.
 */
export async function sweepStrayNotes(store: Store, keys: Keys): Promise<void> {
  if (await store.has(keys.notesSwept)) return
  const { byAuthor, anyone } = await waitingNotes(store)
  let unit = store.unit()
  let staged = 0
  for (const [author, notes] of await notesWithoutMessage(store, keys)) {
    notes.sort((a, b) => b.atMs - a.atMs)
    for (const { key } of notes.slice((byAuthor.get(author) ?? 0) + anyone)) {
      unit.delete(key)
      staged += 1
      if (staged % sweptAtOnce !== 0) continue
      await unit.commit()
      unit = store.unit()
    }
  }
  unit.put(keys.notesSwept, {})
  await unit.commit()
}
