import { generatePrivateKey } from '@status-stack/crypto'
import { formatEnode } from '@status-stack/rlpx'
import { expect, test } from 'vitest'
import { once, sinkCapability, startedHost, until } from '../helpers/hosts.ts'
import { type StockPeer, stockDial, stockListen } from '../helpers/stock.ts'

// Codes 112 and above are garbled by the stock library on receipt, so both directions stop at 111.
const codes = [...Array.from({ length: 112 }, (_, code) => code)]
const payloadOf = (code: number): Uint8Array => new Uint8Array(1 + code * 37).map((_, at) => (at * code) & 0xff)

async function bothWays(sink: ReturnType<typeof sinkCapability>, stock: StockPeer): Promise<void> {
  const link = sink.links[0]
  for (const code of codes) {
    await link?.send(code, payloadOf(code))
    stock.send(code, payloadOf(code))
  }
  await until(() => sink.packets.length === codes.length && stock.received.length === codes.length)
  for (const code of codes) {
    expect(sink.packets[code]).toEqual({ code, payload: payloadOf(code) })
    expect(stock.received[code]?.code).toBe(code)
    expect(Uint8Array.from(stock.received[code]?.payload ?? [])).toEqual(payloadOf(code))
  }
}

test('a stock peer dials us: codes 0 to 111 both ways', async () => {
  const sink = sinkCapability()
  const host = await startedHost({ capabilities: [sink] })
  const added = once(host, 'peerconnected')
  const stock = await stockDial(Number(/:(\d+)$/.exec(host.enode())?.[1]), host.publicKey)
  expect(await added).toMatchObject({ direction: 'inbound', clientName: 'stock/v1' })
  await stock.connected
  await bothWays(sink, stock)
  await host.stop()
  expect(await stock.closed).toBe(8)
})

test('we dial a stock peer: codes 0 to 111 both ways', async () => {
  const sink = sinkCapability()
  const host = await startedHost({ capabilities: [sink] })
  const listener = await stockListen()
  try {
    const url = formatEnode({ publicKey: listener.publicKey, host: '127.0.0.1', tcpPort: listener.port })
    const dialed = host.dial(url)
    const stock = await listener.accepted
    await stock.connected
    expect((await dialed).clientName).toBe('stock/v1')
    await bothWays(sink, stock)
  } finally {
    await host.stop()
    await listener.close()
  }
})

test('our version 4 turns Snappy off on both sides', async () => {
  const sink = sinkCapability()
  const host = await startedHost({ capabilities: [sink] }, { protocolVersion: 4 })
  const added = once(host, 'peerconnected')
  const stock = await stockDial(Number(/:(\d+)$/.exec(host.enode())?.[1]), host.publicKey, generatePrivateKey())
  await Promise.all([added, stock.connected])
  await bothWays(sink, stock)
})
