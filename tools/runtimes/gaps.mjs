// Examples that a runtime is known not to play, and why. One that is played after all fails the run, so that nothing stays here for long.

/** By runtime and package. */
const gaps = {
  bun: {
    'websocket-transport':
      'Bun puts its own WebSocket in the place of `ws`; the handshake of RLPx is not finished over it. In pages, Node and Deno it is.'
  }
}

/** What an example came to, in the light of the gaps. */
export function outcomeWithGaps(runtime, name, outcome) {
  const gap = gaps[runtime]?.[name]
  if (gap === undefined) return outcome
  return outcome === 'passed' ? 'failed: it passes now: take it out of tools/runtimes/gaps.mjs' : `gap: ${gap}`
}
