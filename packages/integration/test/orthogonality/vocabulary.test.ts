import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { modulesOf, slipsOf } from './vocabulary.ts'

/** The privacy layer, its extensions, the relay that an operator sets up, what examines one, and the evidence that looks into every layer. */
const mayKnow = /^(whisper(-.*)?|waku|relay-node|doctor|conformance|integration|simulator|inspector|vectors)$/

/** Leases of a router's port mapping are called TTL as well; nothing of Whisper's is there. */
const otherMeaning = /^devp2p-transport\/src\/nat\//

const others = readdirSync(new URL('../../../', import.meta.url)).filter(name => !mayKnow.test(name))

test('A-19 no module outside the privacy layer names topics, proof of work, TTL, bloom filters or Whisper keys', () => {
  expect(others).toEqual(
    expect.arrayContaining(['status-pfs', 'status-sync', 'status-data', 'status-client', 'devp2p-transport'])
  )
  const slips = others.flatMap(name => [...modulesOf(name)].flatMap(({ file, text }) => slipsOf(text, file)))
  expect(slips.filter(({ file }) => !otherMeaning.test(file))).toEqual([])
})

test.each([
  ['a field', 'const x = route.topic'],
  ['a part of a name', 'interface Options { readonly minPow: number }'],
  ['a parameter', 'function post(ttlSeconds: number) {}'],
  ['a bloom filter', 'const filter = peer.bloomFilter'],
  ['a Whisper key type', "import type { RouteKey } from '@status-stack/whisper'"],
  ['a symmetric key', 'const symmetricKey = 1'],
  ['a topic string', "const name = 'contact-discovery-' + partition"],
  ['a topic string in a template', ['const name = `$', '{key}-contact-code`'].join('')],
  ['a private name', 'class A { #topics = [] }']
])('the scan finds %s', (_, text) => {
  expect(slipsOf(text, 'module.ts')).toHaveLength(1)
})

test.each([
  ['a comment', '// the topic of the envelope'],
  ['another word that holds the letters', 'const powerful = 1; const utopicView = 2; const subtitle = 3'],
  ['the kind of a destination', "const to = { kind: 'contact-code', owner }"]
])('the scan leaves %s alone', (_, text) => {
  expect(slipsOf(text, 'module.ts')).toEqual([])
})
