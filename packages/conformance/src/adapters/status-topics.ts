import { keccak256, utf8Bytes } from '@status-stack/crypto'
import { type VectorCase, vectorBytes, vectorHex } from '@status-stack/vectors'
import type { Interest, Route } from '@status-stack/whisper'
import {
  contactCodeName,
  negotiatedName,
  partitionedName,
  partitionOf,
  personalDiscoveryName,
  planInterest,
  planRoute,
  symmetricKeyOfName,
  topicOfName
} from '@status-stack/whisper/status'
import type { Adapter } from '../runner/adapter.ts'
import type { Check } from '../runner/check.ts'
import { identityOf } from './support.ts'

export const statusTopics: Adapter = {
  file: 'status-topics.json',
  sections: {
    public_chat: {
      reproduce: async (vector, check) => {
        const name: string = vector['chatId']
        check.bytes('keccak256', vector['keccak256'], keccak256(utf8Bytes(name)))
        await checkName(vector, name, check)
        checkRoute(vector, await planRoute({ kind: 'public', name }), check)
        checkInterest(vector, name, await planInterest(anybody, { kind: 'public', name }), check)
      }
    },
    contact_code: {
      reproduce: async (vector, check) => {
        const owner = vectorBytes(vector['publicKey'])
        const name = contactCodeName(owner)
        await checkName(vector, name, check)
        checkRoute(vector, await planRoute({ kind: 'contact-code', owner }), check)
        checkInterest(vector, name, await planInterest(anybody, { kind: 'contact-code', owner }), check)
      }
    },
    partitioned: {
      reproduce: async (vector, check) => {
        const publicKey = vectorBytes(vector['publicKey'])
        check.equal('partition', vector['partition'], String(partitionOf(publicKey)))
        const name = partitionedName(publicKey)
        await checkName(vector, name, check)
        checkRoute(vector, await planRoute({ kind: 'identity', publicKey }), check)
        checkInterest(vector, name, await planInterest({ ...anybody, publicKey }, { kind: 'identity' }), check)
      }
    },
    personal_discovery: {
      reproduce: async (vector, check) => {
        const publicKey = vectorBytes(vector['publicKey'])
        const name = personalDiscoveryName(publicKey)
        await checkName(vector, name, check)
        checkInterest(vector, name, await planInterest({ ...anybody, publicKey }, { kind: 'identity' }), check)
      }
    },
    negotiated: { reproduce: reproduceNegotiated },
    discovery: { reproduce: (vector, check) => checkName(vector, vector['chatId'], check) }
  }
}

/** Names and topics need nobody's key; this one is never asked to open anything. */
const anybody = identityOf(`0x${'01'.repeat(32)}`)

async function checkName(vector: VectorCase, name: string, check: Check): Promise<void> {
  if (vector['chatId'] !== undefined) check.equal('chatId', vector['chatId'], name)
  check.bytes('topic', vector['topic'], topicOfName(name))
  if (vector['symKey'] !== undefined) check.bytes('symKey', vector['symKey'], await symmetricKeyOfName(name))
}

function checkRoute(vector: VectorCase, { topic, key }: Route, check: Check): void {
  check.bytes('topic', vector['topic'], topic)
  if (key.kind === 'symmetric') check.bytes('symKey', vector['symKey'], key.key)
  else check.bytes('publicKey', vector['publicKey'], key.publicKey)
}

function checkInterest(vector: VectorCase, name: string, { topics, key }: Interest, check: Check): void {
  check.equal('interest', true, topics.map(vectorHex).includes(vectorHex(topicOfName(name))))
  if (key.kind === 'symmetric') check.bytes('symKey', vector['symKey'], key.key)
}

/** Both sides find the same place, and each knows the other one there. */
async function reproduceNegotiated(vector: VectorCase, check: Check): Promise<void> {
  const a = identityOf(vector['privateKeyA'])
  const b = identityOf(vector['privateKeyB'])
  for (const [me, peer] of [
    [a, b],
    [b, a]
  ] as const) {
    const secret = me.ecdhX(peer.publicKey)
    check.bytes('sharedSecret', vector['sharedSecret'], secret)
    const name = negotiatedName(secret)
    check.equal('topicInput', vector['topicInput'], name)
    await checkName(vector, name, check)
    checkRoute(vector, await planRoute({ kind: 'identity', publicKey: peer.publicKey }, { rendezvous: secret }), check)
    checkInterest(vector, name, await planInterest(me, { kind: 'rendezvous', peer: peer.publicKey, secret }), check)
  }
  check.bytes('publicKeyA', vector['publicKeyA'], a.publicKey)
  check.bytes('publicKeyB', vector['publicKeyB'], b.publicKey)
  // A map key of the Go node only, never hashed; it names the second side.
  check.equal('localFilterId', vector['localFilterId'], `${vectorHex(b.publicKey)}-negotiated`)
}
