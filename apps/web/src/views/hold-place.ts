/** What scrolls, and something in it. */
interface Scrolled {
  scrollTop: number
}
interface Placed {
  readonly isConnected: boolean
  readonly getBoundingClientRect: () => { readonly top: number }
}

/**
 * Notes where something stands. The answered function puts it there again, whatever came above it meanwhile: browsers do so by themselves, but not
 * at the top of what scrolls, and some not at all.
 */
export function holdPlace(box: Scrolled, anchor: Placed | null): () => void {
  const before = anchor?.getBoundingClientRect().top ?? 0
  return () => {
    if (anchor?.isConnected === true) box.scrollTop += anchor.getBoundingClientRect().top - before
  }
}
