import type { Display } from './command-context.ts'
import type { Store } from './store.ts'

/** How the full screen shows what a command answers: as a line, as a page over the messages. */
export function screenDisplay(store: Store): Omit<Display, 'edit' | 'openFile' | 'showPicture'> {
  return {
    screen: true,
    say: ({ text }) => store.dispatch({ type: 'notice', text: text.trim() }),
    page: (title, views, picture) => {
      const lines = [...(picture === undefined ? [] : ['']), ...views.map(({ text }) => text)]
      store.dispatch({ type: 'panel', panel: { title, lines, ...(picture === undefined ? {} : { picture }) } })
    },
    hits: (title, hits) => store.dispatch({ type: 'hits', title, hits }),
    progress: text => store.dispatch({ type: 'progress', text })
  }
}
