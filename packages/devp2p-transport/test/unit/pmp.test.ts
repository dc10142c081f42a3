import { createSocket, type Socket } from 'node:dgram'
import { afterEach, expect, test } from 'vitest'
import { limits } from '../../src/limits.ts'
import { pmpMapper, readAnswer } from '../../src/nat/pmp.node.ts'

const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close()
})
const never = new AbortController().signal

/** A gateway on loopback; `answer` gives the datagrams for each request. */
async function gateway(answer: (request: Uint8Array, count: number) => readonly Uint8Array[]): Promise<{
  readonly port: number
  readonly requests: Uint8Array[]
}> {
  const socket = createSocket('udp4')
  sockets.push(socket)
  const requests: Uint8Array[] = []
  socket.on('message', (bytes, from) => {
    const request = new Uint8Array(bytes)
    requests.push(request)
    for (const reply of answer(request, requests.length)) socket.send(reply, from.port, from.address)
  })
  await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve))
  return { port: socket.address().port, requests }
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const address = bytes(0, 128, 0, 0, 0, 0, 0, 1, 77, 0, 0, 1)
const mapped = (op: number, internal: number, external: number): Uint8Array =>
  bytes(0, 128 + op, 0, 0, 0, 0, 0, 1, internal >> 8, internal & 255, external >> 8, external & 255, 0, 0, 4, 176)
const wanted = {
  protocol: 'udp',
  internalPort: 30_303,
  externalPort: 30_304,
  lifetimeSeconds: 1_200,
  description: ''
} as const

test('T-32 NAT-PMP: the address, a mapping and its deletion, with the bytes of RFC 6886', async () => {
  const { port, requests } = await gateway(([, op = 0]) => [op === 0 ? address : mapped(op, 30_303, 40_000)])
  const mapper = pmpMapper('127.0.0.1', port)
  expect(await mapper.externalAddress({ signal: never })).toBe('77.0.0.1')
  expect(await mapper.map(wanted, { signal: never })).toBe(40_000)
  await mapper.unmap({ ...wanted, protocol: 'tcp' }, { signal: never })
  expect(requests).toEqual([
    bytes(0, 0),
    bytes(0, 1, 0, 0, 0x76, 0x5f, 0x76, 0x60, 0, 0, 0x04, 0xb0),
    bytes(0, 2, 0, 0, 0x76, 0x5f, 0, 0, 0, 0, 0, 0)
  ])
})

test('NAT-PMP: short, strange and foreign datagrams are no answers, and a lost request is sent again', async () => {
  const { port, requests } = await gateway((_, count) =>
    count === 1
      ? [bytes(), bytes(0), bytes(0, 128), bytes(1, 128, 0, 0), bytes(0, 129, 0, 0), address.subarray(0, 11)]
      : [address]
  )
  expect(await pmpMapper('127.0.0.1', port).externalAddress({ signal: never })).toBe('77.0.0.1')
  expect(requests).toHaveLength(2)
})

test('NAT-PMP: any bytes are an answer, none, or a refusal', () => {
  const request = bytes(0, 1, 0, 0, 0x76, 0x5f, 0, 0, 0, 0, 0, 0)
  expect(readAnswer(request, mapped(1, 30_304, 1))).toBeUndefined()
  for (let length = 0; length < 40; length++) {
    for (const fill of [0, 1, 128, 129, 255]) {
      const answer = new Uint8Array(length).fill(fill, 1)
      answer[1] = 129
      try {
        readAnswer(request, answer)
      } catch (error) {
        expect(error).toMatchObject({ code: 'unavailable', origin: 'environment' })
      }
    }
  }
})

test('NAT-PMP: a refusal, no address and silence are errors of the surroundings', async () => {
  const refusing = await gateway(() => [bytes(0, 128, 0, 2, 0, 0, 0, 0)])
  await expect(pmpMapper('127.0.0.1', refusing.port).externalAddress({ signal: never })).rejects.toMatchObject({
    code: 'unavailable',
    details: { result: 2 }
  })
  const unaware = await gateway(() => [bytes(0, 128, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0)])
  await expect(pmpMapper('127.0.0.1', unaware.port).externalAddress({ signal: never })).rejects.toMatchObject({
    code: 'unavailable'
  })
  const silent = await gateway(() => [])
  await expect(pmpMapper('127.0.0.1', silent.port).externalAddress({ signal: never })).rejects.toMatchObject({
    code: 'timeout'
  })
  expect(silent.requests).toHaveLength(limits.pmpAttempts)
  await expect(
    pmpMapper('127.0.0.1', silent.port).externalAddress({ signal: AbortSignal.abort() })
  ).rejects.toMatchObject({ code: 'timeout' })
})
