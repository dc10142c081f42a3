import { expect, test } from 'vitest'
import { prometheusText } from '../../src/index.ts'
import { sinkCapability, startedHost, until } from '../helpers/hosts.ts'

test('the snapshot counts bytes, frames, peers by state, refusals and endings by reason', async () => {
  const a = sinkCapability()
  const left = await startedHost({ capabilities: [a] })
  const right = await startedHost({}, { maxPeers: 1 })
  const late = await startedHost()
  await left.dial(right.enode())
  await until(() => right.peers().length === 1)
  await expect(late.dial(right.enode())).rejects.toMatchObject({ code: 'disconnected' })
  expect(left.metrics()).toMatchObject({
    peersOutbound: 1,
    peersInbound: 0,
    dialsStarted: 1,
    dialsFailed: 0,
    accepted: 0
  })
  expect(right.metrics()).toMatchObject({ peersInbound: 1, accepted: 2, refused: { 'too-many-peers': 1 } })
  expect(late.metrics()).toMatchObject({ dialsFailed: 1, refused: { 'refused-by-peer': 1 } })
  const before = left.metrics()
  await a.links[0]?.send(1, new Uint8Array(1000).fill(7))
  await until(() => left.metrics().framesOut === before.framesOut + 1)
  expect(left.metrics().bytesOut).toBeGreaterThan(before.bytesOut)
  await left.stop()
  await until(() => right.peers().length === 0)
  expect(right.metrics().ended).toEqual({ 'peer:client-quitting': 1 })
  expect(left.metrics().ended).toEqual({ 'us:client-quitting': 1 })
})

test('Prometheus text: every line is a comment or name{labels} number, counters end in _total', async () => {
  const host = await startedHost()
  const text = prometheusText({ ...host.metrics(), refused: { throttled: 3 }, ended: { 'network:bad-mac': 2 } }, 'p2p')
  const lines = text.trimEnd().split('\n')
  const metric = /^p2p_[a-z_]+(\{[a-z]+="[^"\\\n]*"(,[a-z]+="[^"\\\n]*")*\})? [0-9]+$/
  const comment = /^# (HELP|TYPE) p2p_[a-z_]+ .+$/
  for (const line of lines) expect(line).toMatch(line.startsWith('#') ? comment : metric)
  expect(lines).toContain('p2p_refused_total{reason="throttled"} 3')
  expect(lines).toContain('p2p_ended_total{by="network",reason="bad-mac"} 2')
  expect(lines).toContain('# TYPE p2p_bytes_in_total counter')
  expect(lines).toContain('p2p_peers_inbound 0')
  expect(text.endsWith('\n')).toBe(true)
})
