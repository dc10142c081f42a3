// `@example` blocks are run in this process; what a line says of its value is compared. Those that cannot be run are counted, so that
// their number only falls.
import { basename, dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import { examplesOf } from '../examples/examples.mjs'
import { prepare, runPrepared, saidValue } from '../examples/run-block.mjs'
import { publicPackages } from '../packed.mjs'

/** How many examples of a package are only compiled: they need the network, a terminal, or what the reader has written. */
const compiledOnly = {
  'account-rpc': 5,
  'client-node': 1,
  conformance: 9,
  crypto: 3,
  'devp2p-transport': 8,
  doctor: 5,
  interface: 7,
  protobuf: 3,
  profiles: 17,
  'relay-node': 8,
  rlpx: 8,
  simulator: 3,
  'status-accounts': 5,
  'status-client': 7,
  'status-data': 1,
  'terminal-chat': 4,
  waku: 1,
  'websocket-transport': 3,
  whisper: 2,
  'whisper-mailserver': 3,
  'whisper-rpc': 4
}

const load = file => import(/* @vite-ignore */ file)
const isEqual = (value, said) => {
  try {
    expect(value).toEqual(said)
    return true
  } catch {
    return false
  }
}

/** An example that goes on for ever is one that does not end here: the watchdog of the suite would end all of them. */
const deadlineMs = 60_000

for (const { folder } of publicPackages().filter(each => basename(dirname(each.folder)) === 'packages')) {
  const name = basename(folder)
  describe(name, async () => {
    const found = await examplesOf(name, { load, isEqual })
    for (const { file, line, of, run } of found.filter(each => each.run !== undefined))
      test(`${file}:${line} ${of}`, async () => expect(await run()).toBeUndefined(), deadlineMs)
    test(`${name}: as many run as did`, () => {
      const idle = found.filter(each => each.run === undefined)
      const listed = idle.map(({ file, line, of, why }) => `${file}:${line} ${of}: ${why}`).join('\n')
      expect(idle.length, `compiledOnly of tools/test/examples.test.mjs says otherwise:\n${listed}`).toBe(
        compiledOnly[name] ?? 0
      )
    })
  })
}

describe('what is wrong is found', () => {
  const only = (code, values = {}) =>
    runPrepared(prepare(code), { load, isEqual, standIn: name => values[name] ?? globalThis[name] })
  test.each([
    ["'a' + 'b' // 'ac'", 'is ab, and not ac'],
    ['Uint8Array.of(1, 2) // Uint8Array.of(1, 3)', 'is 0102, and not 0103'],
    ['new Uint8Array(3) // 32 bytes', 'has a length of 3, and not 32'],
    ["const text = 'abc' // 'b…'", 'is abc, and not b…'],
    ['console.log(1 + 1) // 3', 'is 2, and not 3'],
    ["throw new Error('x')\nlater()", 'throws'],
    ['given.missing()', 'throws']
  ])('%s', async (code, problem) => expect(await only(code, { given: {}, later: () => {} })).toContain(problem))
  test.each([
    ["throw new Error('as it shows')"],
    ['const { a, ...rest } = { a: 1, b: 2 }\nexport const both = [a, rest]'],
    ['1 + 1 // about two'],
    ["import { basename as last } from 'node:path'\nlast('/a/b') // 'b', the last part"]
  ])('%s is right', async code => expect(await only(code)).toBeUndefined())
  test('what a comment says', () => {
    expect(saidValue("'png'")).toEqual({ kind: 'value', value: 'png' })
    expect(saidValue('154: 1 + 1 + 100 bytes become 256')).toEqual({ kind: 'value', value: 154 })
    expect(saidValue('5 + 16 bytes')).toEqual({ kind: 'length', length: 21 })
    expect(saidValue("'zQ3sh…'")).toEqual({ kind: 'pattern', parts: ['zQ3sh', ''] })
    for (const words of ['two hours ago, Unix seconds', "'native' where the addon loads", 'process.exit()'])
      expect(saidValue(words)).toBeUndefined()
  })
  test('names that a block takes from its reader', () =>
    expect(prepare('const [a] = given\nfor (const b of a.list) show(b, { c: d })').free.sort()).toEqual([
      'd',
      'given',
      'show'
    ]))
})
