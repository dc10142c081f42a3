import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { operations } from '../../src/index.ts'

const page = new URL('../../../../docs/conformance.md', import.meta.url)
const between = /(<!-- operations -->\n)[\s\S]*?(<!-- \/operations -->)/

function table(): string {
  const rows = operations.map(({ file, section, op, asks, valid }) => {
    const verdict = valid === undefined ? '' : valid === 'never' ? 'refusal' : 'taken or refused'
    const fields = asks.map(pattern => `\`${pattern}\``).join(' ')
    return `| ${file.replace('.json', '')} | ${section} | ${op} | ${[verdict, fields].filter(text => text !== '').join('; ')} |`
  })
  return ['| file | section | op | asked for |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

test('docs/conformance.md lists every operation (DOCS_WRITE=1 writes it)', () => {
  const written = readFileSync(page, 'utf8').replace(between, `$1\n${table()}\n\n$2`)
  if (process.env['DOCS_WRITE'] !== undefined) writeFileSync(page, written)
  expect(readFileSync(page, 'utf8')).toBe(written)
})
