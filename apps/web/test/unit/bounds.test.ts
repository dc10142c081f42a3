import type { Node } from '@status-stack/inspector'
import { type Client, type ClientEvents, clientEventNames } from '@status-stack/status-client'
import { createArgumentChecks, createEmitter } from '@status-stack/utils'
import { describe, expect, test } from 'vitest'
import { limits } from '../../src/limits.ts'
import { codeIn } from '../../src/platform/camera.ts'
import { fetchOwnNode, readNodeFile } from '../../src/platform/node-file.ts'
import { isDrawable, readPicture } from '../../src/platform/pictures.ts'
import { createRecorder } from '../../src/session/recorder.ts'
import { checkAddress, checkSettings } from '../../src/session/settings.ts'
import { bytesIn, createInspection } from '../../src/state/inspection.ts'
import { personIn } from '../../src/state/invite.ts'
import { drawnTree } from '../../src/state/layers.ts'
import { createNotices } from '../../src/state/notices.ts'
import { textParts } from '../../src/state/text-parts.ts'

const nodeKey =
  '79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8'
const address = `ws://${nodeKey}@127.0.0.1:8546/rlpx`
const refuses = (code: string) => expect.objectContaining({ name: 'PageError', code })

/** A PNG of this size, as far as its header goes. */
function pngHeader(width: number, height: number): Uint8Array {
  const bytes = new Uint8Array(33)
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const view = new DataView(bytes.buffer)
  view.setUint32(16, width)
  view.setUint32(20, height)
  return bytes
}

describe('bounds', () => {
  test('nodeFileCharacters: a longer file names no node', () => {
    const file = JSON.stringify({ url: address, mailserver: true })
    expect(readNodeFile(file)).toEqual({ url: address, mailserver: true })
    expect(readNodeFile(file + ' '.repeat(limits.nodeFileCharacters))).toBeUndefined()
    for (const text of ['', '[]', '{}', '{"url":1}', '{"url":"https://example.org"}', 'x'])
      expect(readNodeFile(text), text).toBeUndefined()
  })

  test('nodeFileMs: a server that does not answer has no node', async () => {
    const silent = ((_: string, { signal }: RequestInit) =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))) as typeof fetch
    expect(await fetchOwnNode(silent, 5)).toBeUndefined()
    const answer = async () => new Response(JSON.stringify({ url: address, mailserver: true }))
    expect(await fetchOwnNode(answer as typeof fetch)).toEqual({ url: address, mailserver: true })
    expect(limits.nodeFileMs).toBeLessThan(10_000)
  })

  test('nodes, addressCharacters: more addresses, and longer ones, are refused', () => {
    const many = Array.from({ length: limits.nodes + 1 }, (_, i) => address.replace('8546', String(8000 + i)))
    expect(checkSettings({ nodes: many.slice(1), mailservers: [address, address], own: true })).toMatchObject({
      nodes: many.slice(1),
      mailservers: [address]
    })
    expect(() => checkSettings({ nodes: many, mailservers: [], own: true })).toThrowError(refuses('too-many'))
    expect(() => checkAddress(`${address}/${'a'.repeat(limits.addressCharacters)}`)).toThrowError(refuses('address'))
  })

  test('pictureFileBytes, picturePixels: larger pictures are neither read nor decoded', async () => {
    const large = { size: limits.pictureFileBytes + 1, arrayBuffer: () => Promise.reject(new Error('read')) }
    await expect(readPicture(large as unknown as Blob)).rejects.toThrowError(refuses('too-large'))
    expect(isDrawable(pngHeader(100, 100))).toBe(true)
    expect(isDrawable(pngHeader(100_000, 100_000))).toBe(false)
    expect(isDrawable(pngHeader(limits.picturePixels + 1, 1))).toBe(false)
    expect(isDrawable(new Uint8Array(100))).toBe(false)
  })

  test('textShown, linksPerText: a longer text is cut, and later links stay text', () => {
    const text = 'x'.repeat(limits.textShown + 100)
    expect(
      textParts(text)
        .map(part => part.text)
        .join('')
    ).toHaveLength(limits.textShown + 1)
    const links = textParts('https://a.example '.repeat(limits.linksPerText + 20))
    expect(links.filter(({ kind }) => kind === 'link')).toHaveLength(limits.linksPerText)
  })

  test('notices: the oldest goes', () => {
    const { on, emit } = createEmitter<ClientEvents>(
      clientEventNames,
      createArgumentChecks(message => new Error(message))
    )
    const notices = createNotices({ on } as Pick<Client, 'on'>, () => '#status')
    const chat = { kind: 'public', name: 'status' } as const
    for (let i = 0; i < limits.notices + 3; i++) emit('notice', { kind: 'chat-evicted', chat })
    expect(notices.all.value).toHaveLength(limits.notices)
    expect(notices.all.value[0]?.id).toBe(limits.notices + 3)
    notices.stop()
    emit('notice', { kind: 'chat-evicted', chat })
    expect(notices.all.value[0]?.id).toBe(limits.notices + 3)
  })

  test('inspectedBytes, inspectedCharacters: more is refused before it is taken apart', async () => {
    expect(bytesIn(' 0xCA:fe 01\n')).toEqual(Uint8Array.of(0xca, 0xfe, 1))
    expect(bytesIn('yv4B')).toEqual(Uint8Array.of(0xca, 0xfe, 1))
    for (const text of ['', 'nothing like bytes!']) expect(() => bytesIn(text)).toThrowError(refuses('not-bytes'))
    expect(() => bytesIn('0'.repeat(limits.inspectedCharacters + 1))).toThrowError(refuses('too-large'))
    const inspection = createInspection({ identities: [], chats: () => [] })
    expect(await inspection.inspectBytes(new Uint8Array(limits.inspectedBytes + 1))).toBe(false)
    expect(inspection.found.value).toBeUndefined()
    expect(inspection.task.problem.value).toMatch(/At most 10 MiB/)
  })

  test('partsShown: the parts of outer layers are drawn first, the rest is counted', () => {
    const leaf = (name: string): Node => ({ name, start: 0, end: 1 })
    const root: Node = {
      name: 'root',
      start: 0,
      end: 9,
      children: [{ ...leaf('deep'), children: Array.from({ length: 50 }, (_, i) => leaf(`d${i}`)) }, leaf('beside')]
    }
    const drawn = drawnTree(root, 10)
    expect(drawn.children.map(({ name }) => name)).toEqual(['deep', 'beside'])
    expect(drawn.children[0]?.children).toHaveLength(7)
    expect(drawn.children[0]?.leftOut).toBe(43)
  })

  test('recordedEntries, recordedBytes: the oldest packets go; nothing is kept before or after', () => {
    const recorder = createRecorder(() => 1)
    const packet = (size: number) => recorder.packet({ direction: 'in', bytes: new Uint8Array(size), peer: 'ab' })
    packet(1)
    expect(recorder.packets.value).toEqual([])
    recorder.start()
    for (let i = 0; i < limits.recordedEntries + 5; i++) packet(1)
    expect(recorder.packets.value).toHaveLength(limits.recordedEntries)
    packet(limits.recordedBytes - 10)
    expect(recorder.packets.value).toHaveLength(11)
    recorder.sealed(Uint8Array.of(1, 2), Uint8Array.of(3))
    expect(recorder.opened(Uint8Array.of(1, 2))).toEqual(Uint8Array.of(3))
    recorder.stop()
    expect(recorder.packets.value).toEqual([])
    expect(recorder.opened(Uint8Array.of(1, 2))).toBeUndefined()
  })

  test('placeKeys: the oldest key of a place goes, and none is kept twice', () => {
    const { place, places } = createRecorder()
    const keyOf = (i: number): Uint8Array => Uint8Array.of(i >> 8, i & 255)
    for (let i = 0; i <= limits.placeKeys; i++) for (let twice = 0; twice < 2; twice++) place(keyOf(i))
    expect(places()).toHaveLength(limits.placeKeys)
    expect(places()[0]).toEqual(keyOf(limits.placeKeys))
    expect(places().at(-1)).toEqual(keyOf(1))
  })

  test('scannedCharacters: a longer text names no person, and a picture without a code has none', () => {
    expect(() => personIn('z'.repeat(limits.scannedCharacters + 1))).toThrowError(refuses('too-large'))
    expect(codeIn({ width: 64, height: 64, data: new Uint8ClampedArray(64 * 64 * 4) })).toBeUndefined()
  })
})
