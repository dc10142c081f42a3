import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { jsonLimits, parseJsonRpc } from '../../src/index.ts'
import { startApi, stopAll } from '../support/node.ts'

afterEach(stopAll)

const call = (id: string, more = ''): string => `{"jsonrpc":"2.0","id":${id},"method":"shh_version"${more}}`

describe('J-4 ids come back as they came', () => {
  test.each([
    '9007199254740993',
    '123456789012345678901234567890',
    '-0',
    '1.0',
    '1e400',
    '"9007199254740993"',
    '"\\ud800 \\u00e9 \\/"',
    'true'
  ])('J-4 %s', async id => {
    const { rpc } = await startApi()
    const expected = `{"jsonrpc":"2.0","id":${id},"result":"6.0"}`
    expect(await rpc.call(call(id))).toBe(expected)
    expect(await rpc.call(`[ ${call(id)} , 7, [], ${call(`\t${id}\n`)} ]`)).toBe(
      `[${expected},${[1, 2].map(() => '{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"invalid request"}}').join()},${expected}]`
    )
    const unknown = await rpc.call(`{"id":${id},"method":"shh_none"}`)
    expect(unknown).toContain(`"id":${id},"error"`)
  })

  test.each([
    ['the last of two', '{"id":1,"method":"shh_version","id":2}', '2'],
    ['not one inside the parameters', '{"params":[{"id":7}],"method":"shh_version","id":3}', '3'],
    ['not a value that says id', '{"x":"id","id":4,"method":"shh_version","params":[]}', '4'],
    ['spelt with escapes', '{"\\u0069\\u0064":9007199254740993,"method":"shh_version"}', '9007199254740993'],
    ['behind a string with a quote', '{"a":"\\"id\\":5,","id":6,"method":"shh_version"}', '6']
  ])('J-4 %s', async (_, text, id) => {
    const { rpc } = await startApi()
    expect(await rpc.call(text)).toContain(`"id":${id},`)
  })

  test('J-4 an id of any JSON value is found wherever it stands', async () => {
    const value = fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean())
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(value, fc.jsonValue(), fc.boolean()), { minLength: 1 }), async calls => {
        const texts = calls.map(([id, params, first]) => {
          const members = [`"id":${JSON.stringify(id)}`, `"params":${JSON.stringify(params)}`, '"method":"x"']
          return `{${(first ? members : members.reverse()).join()}}`
        })
        const { requests } = await parseJsonRpc(`[${texts.join()}]`)
        expect(requests.map(({ id }) => id)).toEqual(calls.map(([id]) => JSON.stringify(id)))
        const [single] = (await parseJsonRpc(texts[0] ?? '')).requests
        expect(single?.id).toBe(JSON.stringify(calls[0]?.[0]))
      })
    )
  })
})

describe('J-5 a text is bounded before it is parsed', () => {
  const refused = { code: 'invalid-request', origin: 'peer' }

  test.each([
    ['nested arrays', '['.repeat(2_500_000) + ']'.repeat(2_500_000)],
    ['nested objects', '{"a":'.repeat(900_000)],
    ['empty arrays', `[${'[],'.repeat(1_700_000)}[]]`],
    ['numbers', `{"id":1,"method":"x","params":[${'1,'.repeat(2_500_000)}1]}`],
    ['brackets that never close', '['.repeat(5_000_000)]
  ])('J-5 five megabytes of %s are refused, and nothing is built', async (_, text) => {
    const parse = JSON.parse
    let parsed = 0
    JSON.parse = (...args) => {
      parsed++
      return parse(...args)
    }
    try {
      await expect(parseJsonRpc(text)).rejects.toMatchObject(refused)
    } finally {
      JSON.parse = parse
    }
    expect(parsed).toBe(0)
  })

  test('J-5 exactly the limits pass', async () => {
    const limits = { maxDepth: 4, maxItems: 12 }
    await parseJsonRpc('[{"params":[[1]]}]', limits)
    await expect(parseJsonRpc('[{"params":[[[1]]]}]', limits)).rejects.toMatchObject(refused)
    await parseJsonRpc(`[${'1,'.repeat(11)}1]`, limits)
    await expect(parseJsonRpc(`[${'1,'.repeat(12)}1]`, limits)).rejects.toMatchObject(refused)
  })

  test('J-5 a full batch of posts and a long payload are within them', async () => {
    const post = { symKeyID: 'a', pubKey: 'b', sig: 'c', ttl: 1, topic: 'd', payload: 'e', padding: 'f', powTime: 1 }
    const batch = Array.from({ length: 1000 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'shh_post', params: [post] }))
    expect((await parseJsonRpc(JSON.stringify(batch))).requests).toHaveLength(1000)
    const payload = `0x${'ab'.repeat(2_000_000)},[{`
    expect((await parseJsonRpc(call('1', `,"params":["${payload}"]`))).requests[0]?.params).toEqual([payload])
    expect(jsonLimits).toEqual({ maxDepth: 32, maxItems: 100_000 })
  })

  test('J-5 backslashes and quotes cost no more than their number', async () => {
    for (const inside of ['\\\\'.repeat(1_000_000), '\\"'.repeat(1_000_000)]) {
      const [request] = (await parseJsonRpc(`{"id":"${inside}","method":"x"}`)).requests
      expect(request?.id).toHaveLength(2_000_002)
    }
  })

  test('J-5 other work has its turn while a long text is looked through', async () => {
    // The shared slicer goes by time: what runs meanwhile is counted, whatever the machine takes for it.
    let turns = 0
    let counting = true
    const count = (): void => {
      turns++
      if (counting) setImmediate(count)
    }
    setImmediate(count)
    const text = `{"id":1,"method":"x","params":[${`"${'a'.repeat(40)}", ${' '.repeat(8000)}`.repeat(1200)}1]}`
    await parseJsonRpc(text)
    counting = false
    expect(turns).toBeGreaterThan(0)
  })
})

test('J-5 the limits are options of the API', async () => {
  const { rpc } = await startApi({ limits: { maxDepth: 2, maxItems: 5 } })
  expect(await rpc.call('{"id":1,"method":"shh_version","params":[]}')).toContain('"6.0"')
  expect(await rpc.call('{"id":1,"method":"shh_version","params":[[]]}')).toContain('-32600')
  expect(await rpc.call('{"id":1,"method":"shh_version","params":[1,2,3,4,5,6]}')).toContain('-32600')
})

test("J-6 wrong arguments of the API are refused as the caller's mistake", async () => {
  const { rpc, whisper } = await startApi()
  const { createRpc } = await import('../../src/index.ts')
  const mistake = expect.objectContaining({ origin: 'caller' })
  for (const work of [
    () => createRpc(undefined as never),
    () => createRpc({} as never),
    () => createRpc({ whisper }, null as never),
    () => createRpc({ whisper }, { networkId: 5 as never }),
    () => createRpc({ whisper, mailservers: ['enode://nonsense'] }),
    () => createRpc({ whisper, mailservers: [5 as never] }),
    () => rpc.connect(undefined as never)
  ]) {
    expect(work).toThrow(mistake)
  }
  for (const json of [undefined, null, 5, {}] as never[]) await expect(rpc.call(json)).rejects.toEqual(mistake)
})
