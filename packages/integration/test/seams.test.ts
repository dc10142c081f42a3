import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

/** Lines of one file that do not compile, counted from 1, under the options of this package. */
function linesThatFail(file: string): readonly number[] {
  const config = ts.getParsedCommandLineOfConfigFile(
    path('../tsconfig.json'),
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: diagnostic => {
        throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'))
      }
    }
  )
  const program = ts.createProgram([file], config?.options ?? {})
  const source = program.getSourceFile(file)
  if (source === undefined) throw new Error(`${file} is not there`)
  const lines = program
    .getSemanticDiagnostics(source)
    .map(({ start = 0 }) => source.getLineAndCharacterOfPosition(start).line + 1)
  return [...new Set(lines)].sort((a, b) => a - b)
}

test('a lock does not compile for a wrong neighbour, and does for a right one', { timeout: 240_000 }, () => {
  const file = path('./wrong-neighbours/wrong-neighbours.ts')
  const failing = linesThatFail(file)
  const lines = readFileSync(file, 'utf8').split('\n')
  // A wrong neighbour begins on the line behind its comment and ends before the next one.
  const begins = lines.flatMap((line, index) => (line.trimStart().startsWith('// wrong:') ? [index + 2] : []))
  expect(begins.length).toBeGreaterThan(20)
  const last = lines.lastIndexOf(']') + 1
  for (const [index, begin] of begins.entries()) {
    const end = (begins[index + 1] ?? last + 1) - 2
    expect(
      failing.some(line => line >= begin && line <= end),
      lines[begin - 2]
    ).toBe(true)
  }
  expect(failing.filter(line => line < begins[0]!)).toEqual([])
})
