import { ecdhX } from '@status-stack/crypto'
import { loadVectors, vectorBytes, vectorHex } from '@status-stack/vectors'
import { expect, test } from 'vitest'
import {
  contactCodeName,
  guaranteeOf,
  negotiatedName,
  partitionedName,
  partitionOf,
  personalDiscoveryName,
  planInterest,
  planRoute,
  symmetricKeyOfName,
  topicOfName
} from '../../src/status/index.ts'
import { createTestKey } from '../../src/testing/index.ts'

const { sections } = await loadVectors('status-topics')
const me = createTestKey(new Uint8Array(32).fill(0x11))

test.each(sections.public_chat!)('A-7 public chat $chatId', async vector => {
  expect(vectorHex(topicOfName(vector.chatId))).toBe(vector.topic)
  expect(vectorHex(await symmetricKeyOfName(vector.chatId))).toBe(vector.symKey)
  const route = await planRoute({ kind: 'public', name: vector.chatId })
  expect(vectorHex(route.topic)).toBe(vector.topic)
  expect(route.key.kind === 'symmetric' && vectorHex(route.key.key)).toBe(vector.symKey)
  expect(guaranteeOf(route)).toBe('group-readable')
})

test.each(sections.contact_code!)('A-7 contact code $name', async vector => {
  const owner = vectorBytes(vector.publicKey)
  expect(contactCodeName(owner)).toBe(vector.chatId)
  const route = await planRoute({ kind: 'contact-code', owner })
  const interest = await planInterest(me, { kind: 'contact-code', owner })
  for (const key of [route.key, interest.key]) {
    expect(key.kind === 'symmetric' && vectorHex(key.key)).toBe(vector.symKey)
  }
  expect(vectorHex(route.topic)).toBe(vector.topic)
  expect(interest.topics.map(vectorHex)).toEqual([vector.topic])
})

test.each(sections.partitioned!)('A-9 partition of $name uses the whole X coordinate', async vector => {
  const publicKey = vectorBytes(vector.publicKey)
  expect(String(partitionOf(publicKey))).toBe(vector.partition)
  expect(partitionedName(publicKey)).toBe(vector.chatId)
  const route = await planRoute({ kind: 'identity', publicKey })
  expect(vectorHex(route.topic)).toBe(vector.topic)
  expect(route.key.kind === 'asymmetric' && vectorHex(route.key.publicKey)).toBe(vector.publicKey)
})

test.each(sections.personal_discovery!)('A-7 personal discovery $name', vector => {
  const name = personalDiscoveryName(vectorBytes(vector.publicKey))
  expect(name).toBe(vector.chatId)
  expect(vectorHex(topicOfName(name))).toBe(vector.topic)
})

test.each(sections.negotiated!)('A-8 negotiated $name is the same from both sides', async vector => {
  const [a, b] = [vectorBytes(vector.privateKeyA), vectorBytes(vector.privateKeyB)]
  const [publicA, publicB] = [vectorBytes(vector.publicKeyA), vectorBytes(vector.publicKeyB)]
  const fromA = ecdhX(a, publicB)
  expect(vectorHex(fromA)).toBe(vector.sharedSecret)
  expect(ecdhX(b, publicA)).toEqual(fromA)
  expect(negotiatedName(fromA)).toBe(vector.topicInput)
  const route = await planRoute({ kind: 'identity', publicKey: publicB }, { rendezvous: fromA })
  const interest = await planInterest(createTestKey(b), {
    kind: 'rendezvous',
    peer: publicA,
    secret: ecdhX(b, publicA)
  })
  expect(vectorHex(route.topic)).toBe(vector.topic)
  expect(route.key.kind === 'symmetric' && vectorHex(route.key.key)).toBe(vector.symKey)
  expect(interest.key).toEqual(route.key)
  expect(interest.topics).toEqual([route.topic])
})

test.each(sections.discovery!)('A-7 $name', vector => {
  expect(vectorHex(topicOfName(vector.chatId))).toBe(vector.topic)
})
