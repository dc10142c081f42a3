import { execFile } from 'node:child_process'
import { connect, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { peerLinkCases } from '@status-stack/interface/testing'
import { describe, expect, test } from 'vitest'
import { socketLink } from '../src/socket-link.js'

test('the program runs: a message crosses a relay', async () => {
  const program = fileURLToPath(new URL('../src/main.js', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [program])
  expect(stdout).toMatch(/^alice posted envelope [0-9a-f]{8}…\nbob heard "hello Bob" \(addressee-confidential\)\n$/)
})

/** Two ends of a socket on loopback. */
async function connected() {
  const server = createServer()
  await new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const accepted = new Promise(resolve => server.once('connection', resolve))
  const a = socketLink(connect(port, '127.0.0.1'), 'b'.repeat(64))
  const b = socketLink(/** @type {import('node:net').Socket} */ (await accepted), 'a'.repeat(64))
  return { a, b, release: async () => void server.close() }
}

describe('the link keeps the contract of peer links', () => {
  for (const { name, run } of peerLinkCases(connected)) test(name, run)
})

test('a frame that announces more than the limit ends the link', async () => {
  const server = createServer(socket => void socket.write(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0)))
  await new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  const address = server.address()
  const socket = connect(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1')
  const packets = []
  for await (const packet of socketLink(socket, 'a'.repeat(64)).packets()) packets.push(packet)
  expect(packets).toEqual([])
  server.close()
})
