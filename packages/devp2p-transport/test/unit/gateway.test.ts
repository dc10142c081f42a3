import { expect, test } from 'vitest'
import { findGateway } from '../../src/nat/gateway.ts'
import type { PortMapper } from '../../src/nat/types.ts'

function mapper(kind: PortMapper['kind'], answer: Promise<string>): PortMapper & { closed: number } {
  const made = {
    kind,
    closed: 0,
    externalAddress: () => answer,
    map: () => Promise.reject(new Error('nothing is mapped')),
    unmap: () => Promise.reject(new Error('nothing is mapped')),
    close: async () => {
      made.closed++
    }
  }
  return made
}

test('the first gateway that tells its address is the answer; all are closed, nothing is mapped', async () => {
  const [lost, found] = [mapper('upnp', Promise.reject(new Error('no'))), mapper('pmp', Promise.resolve('77.0.0.1'))]
  const attempts = [Promise.resolve(lost), Promise.resolve(found), Promise.reject(new Error('nobody'))]
  expect(await findGateway('any', {}, async () => attempts)).toEqual({ kind: 'pmp', externalAddress: '77.0.0.1' })
  expect([lost.closed, found.closed]).toEqual([1, 1])
})

test('none, or none in time, is an error of the surroundings', async () => {
  const none = findGateway('upnp', {}, async () => [])
  await expect(none).rejects.toMatchObject({ code: 'unavailable', origin: 'environment' })
  const silent = findGateway('upnp', { timeoutMs: 20 }, async () => [new Promise(() => undefined)])
  await expect(silent).rejects.toMatchObject({ code: 'unavailable' })
  const stuck = findGateway('upnp', { timeoutMs: 20 }, () => new Promise(() => undefined))
  await expect(stuck).rejects.toMatchObject({ code: 'unavailable' })
  await expect(findGateway('magic')).rejects.toMatchObject({ code: 'invalid-text', origin: 'caller' })
})
