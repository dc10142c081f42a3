// Of typist.mjs, for tests that TypeScript judges; what each does stands there.
import type { ChildProcess } from 'node:child_process'

export interface Transcript {
  readonly text: () => string
  readonly take: (child: ChildProcess) => Promise<number | null>
  readonly until: (pattern: RegExp, ended?: Promise<unknown>) => Promise<RegExpExecArray>
}

export interface TypedLine {
  readonly text: () => string
  readonly goesOn: boolean
  readonly end: () => Promise<number | null>
}

export function typedLines(code: string): string[]
export function createTranscript(patienceMs: number): Transcript
export function typeLine(input: {
  readonly line: string
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly saysItGoesOn: RegExp
  readonly patienceMs: number
  readonly transcript?: Transcript
}): Promise<TypedLine>
