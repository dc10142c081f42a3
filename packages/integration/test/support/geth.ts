import { buildGo, type GoBuild, type GoProgram, startGo } from './go-program.ts'

/** Whose Whisper the Go program runs: go-ethereum 1.9.5's, or the one of status-go (v6.2.6), on the same transport. */
export type Implementation = 'geth' | 'status-go'

/** Builds the Whisper node of the other implementations, or says why it cannot be had. */
export const buildGeth = (): GoBuild => buildGo('go', 'shh')

/** @param options further flags of the program: `-minpow`, `-maxsize` */
export async function startGeth(
  program: string,
  implementation: Implementation,
  options: readonly string[] = []
): Promise<GoProgram> {
  const node = await startGo(program, ['-implementation', implementation, ...options])
  // Discovery is off, which its URL spells as port 0.
  return { ...node, enode: node.enode.replace('?discport=0', '') }
}
