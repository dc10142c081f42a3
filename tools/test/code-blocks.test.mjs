import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  blockProblem,
  blocksOf,
  codeBlocks,
  exampleBlocks,
  exampleProblems,
  typescriptProblems
} from '../code-blocks.mjs'
import { entriesOf } from '../docs-check.mjs'
import { examples } from '../example-projects.mjs'
import { exampleFiles } from '../examples/examples.mjs'
import { publicPackages } from '../packed.mjs'

const blocks = codeBlocks()

describe('every code block of the texts runs, compiles, parses or names what exists', () => {
  test('there are blocks', () => expect(blocks.length).toBeGreaterThan(100))
  for (const each of blocks.filter(({ language }) => language !== 'ts'))
    test(`${each.file}:${each.line} ${each.language}`, async () => {
      expect(await blockProblem(each, blocks)).toBeUndefined()
    })
  test('TypeScript compiles', async () => {
    const fragments = blocks.filter(({ language }) => language === 'ts')
    for (const each of fragments) expect(await blockProblem(each, blocks), `${each.file}:${each.line}`).toBeUndefined()
    const found = typescriptProblems(fragments.filter(({ mark }) => mark === undefined))
    expect(found.map(({ block, problem }) => `${block.file}:${block.line} ${problem}`)).toEqual([])
  })
})

describe('@example blocks', () => {
  const entries = publicPackages().flatMap(entriesOf)
  const files = exampleFiles()

  test('all compile against what the packages export', () => {
    const found = exampleBlocks(files)
    expect(found.length).toBeGreaterThan(150)
    expect(found.filter(({ language }) => language !== 'ts').map(({ file, line }) => `${file}:${line}`)).toEqual([])
    expect(
      exampleProblems(found, entries).map(({ block, problem }) => `${block.file}:${block.line} ${problem}`)
    ).toEqual([])
  })

  test('one that calls what it shows in another way is found', () => {
    const block = {
      file: 'packages/rlp/src/encode.ts',
      line: 1,
      at: 0,
      language: 'ts',
      code: 'encodeRlp(given, { deep: 1 })'
    }
    const own = entries.filter(({ name }) => name === '@status-stack/rlp')
    expect(
      exampleProblems([block], own)
        .map(({ problem }) => problem)
        .join()
    ).toContain('Expected 1 arguments')
    expect(exampleProblems([{ ...block, code: 'encodeRlp(given)' }], own)).toEqual([])
  })
})

describe('an example installs what its manifest needs, and nothing else', () => {
  // Those of the whole messenger are shown from a clone.
  const isOfOneLayer = ({ dependencies, devDependencies }) =>
    !('@status-stack/status-client' in dependencies || 'status-stack' in devDependencies)
  for (const { folder, json } of examples().filter(each => isOfOneLayer(each.json)))
    test(json.name, () => {
      const text = readFileSync(join(folder, 'README.md'), 'utf8')
      const named = [...text.matchAll(/^npm install (?!--)(.+)$/gm)].flatMap(([, names]) => names.split(' '))
      expect(named.sort()).toEqual(Object.keys(json.dependencies).sort())
    })
})

describe('what is wrong is found', () => {
  const only = async (text, file = 'docs/text.md') => {
    const found = blocksOf(text, file)
    return blockProblem(found[0], found)
  }
  const fenced = (language, code, mark = '') => `${mark}\`\`\`${language}\n${code}\n\`\`\`\n`
  test('a program that throws', async () =>
    expect(await only(fenced('js', "throw new Error('broken')"))).toContain('broken'))
  test('no JSON', async () => expect(await only(fenced('json', '{'))).toBe('is no JSON'))
  test.each([
    ['npm install @status-stack/nothing', 'there is no package @status-stack/nothing'],
    ['status-stack nothing', 'status-stack has no command nothing'],
    ['npm start -- nothing', 'status-stack has no command nothing'],
    ['npx pnpm nothing', 'pnpm nothing is no script'],
    ['node nothing.js', 'nothing.js is not there'],
    ['cd here && nothing', 'nothing is not known here']
  ])('%s', async (line, problem) => expect(await only(fenced('sh', line))).toBe(`${problem}: ${line}`))
  test('a language that nothing tries', async () =>
    expect(await only(fenced('cobol', 'STOP RUN.'))).toContain('needs a mark'))
  test('a mark that names a test which is not there, or does not read the text', async () => {
    expect(await only(fenced('cobol', 'STOP RUN.', '<!-- tried by: nothing.test.ts -->\n'))).toBe(
      'nothing.test.ts is not there'
    )
    const mark = '<!-- tried by: tools/code-blocks.mjs -->\n'
    expect(await only(fenced('cobol', '', mark))).toBe('tools/code-blocks.mjs does not read text.md')
  })
  test('a fragment with an option that is not there', () => {
    const code = "import { createWhisper } from '@status-stack/whisper'\ncreateWhisper({}, { minPov: 1 })"
    const found = typescriptProblems(blocksOf(fenced('ts', code), 'packages/whisper/README.md'))
    expect(found.map(({ problem }) => problem).join()).toContain('minPov')
  })
})
