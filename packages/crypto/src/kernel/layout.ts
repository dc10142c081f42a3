/** The kernel's memory, as kernel/layout.ts cuts it up. */
export const layout = {
  state: 0,
  sum: 640,
  template: 1024,
  mask: 2048,
  blockKey: 2048,
  input: 8192,
  /** Whole Keccak blocks that fit the input area and leave room for the padding of the last one. */
  inputLength: 420 * 136,
  stateLength: 200,
  rate: 136
} as const
