import { Box, render, Text } from 'ink'
import { useMemo, useSyncExternalStore } from 'react'
import { layout } from './layout.ts'
import type { Store } from './store.ts'
import { styled } from './text.ts'

interface Props {
  readonly store: Store
  readonly color: boolean
}

/** The screen: every line is laid out already, ink writes what changed. */
function Screen({ store, color }: Props) {
  const state = useSyncExternalStore(store.subscribe, store.get)
  const text = useMemo(
    () =>
      layout(state)
        .map(line => styled(line, color))
        .join('\n'),
    [state, color]
  )
  return (
    <Box width={state.width} height={state.height}>
      <Text wrap="truncate">{text}</Text>
    </Box>
  )
}

/** Draws the store's state until the answered function is called. */
export function draw(store: Store, color: boolean): () => void {
  const instance = render(<Screen store={store} color={color} />, {
    exitOnCtrlC: false,
    patchConsole: false
  })
  return () => instance.unmount()
}
