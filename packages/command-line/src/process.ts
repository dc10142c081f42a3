// The process of a program: what ends it, and the folders of its user.
export { homeFolder, xdgFolder } from './process/folders.ts'
export { endOfHangup, endOutput, endWithin, interruption, outputEnded, waitFor } from './process/signals.ts'
