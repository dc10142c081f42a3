// Every portable implementation of a seam or a port against its compliance cases, with nothing of Node: it runs where a user's code runs.
import { ecBackend, generatePrivateKey, randomBytes } from '@status-stack/crypto'
import { ecBackendCases } from '@status-stack/crypto/testing'
import {
  createLinkPair,
  createLoopbackNetwork,
  dataLayerCases,
  peerLinkCases,
  privacyLayerCases,
  securityLayerCases,
  syncLayerCases
} from '@status-stack/interface/testing'
import { messagePortLink } from '@status-stack/messageport-transport'
import { createHost } from '@status-stack/rlpx'
import { connectedLinks, createMemoryNetwork, hostilePeerCases, sinkCapability } from '@status-stack/rlpx/testing'
import { generateIdentity } from '@status-stack/status-accounts'
import { identityKeyCases } from '@status-stack/status-accounts/testing'
import { dataLayer } from '@status-stack/status-data'
import { randomCases, signerCases } from '@status-stack/status-data/testing'
import { createSealer, memorySessionStore } from '@status-stack/status-pfs'
import { sessionStoreCases } from '@status-stack/status-pfs/testing'
import { createSync, memorySyncStore } from '@status-stack/status-sync'
import { syncStoreCases } from '@status-stack/status-sync/testing'
import { createWaku } from '@status-stack/waku'
import { createStatusLayer as createWakuStatusLayer } from '@status-stack/waku/status'
import { createWhisper } from '@status-stack/whisper'
import { createStatusLayer } from '@status-stack/whisper/status'
import { createTestKey } from '@status-stack/whisper/testing'

const random = { bytes: randomBytes }
const clock = { nowMs: () => Date.now() }
const someone = () => generateIdentity(random).identity
const keys = [1, 2, 3].map(byte => createTestKey(new Uint8Array(32).fill(byte)))
const people = [someone(), someone(), someone()]

async function inMemory() {
  const { left, right } = createLinkPair({ capacity: 64 })
  return { a: left, b: right }
}

async function overPorts() {
  const { port1, port2 } = new MessageChannel()
  return {
    a: messagePortLink(port1, { peerId: 'b'.repeat(64) }),
    b: messagePortLink(port2, { peerId: 'a'.repeat(64) })
  }
}

async function started(capability, carrier, options) {
  const host = createHost({ privateKey: generatePrivateKey(), capabilities: [capability], carrier }, options)
  await host.start()
  return host
}

function overRlpx() {
  const carrier = createMemoryNetwork().carrier('127.0.0.1')
  return connectedLinks(capability => started(capability, carrier))
}

async function hostileGround(deps, options) {
  const network = createMemoryNetwork()
  const host = createHost(
    {
      privateKey: generatePrivateKey(),
      capabilities: [sinkCapability()],
      carrier: network.carrier('127.0.0.1'),
      ...deps
    },
    { ...options, listen: { port: 1 } }
  )
  await host.start()
  return {
    host,
    connect: () => network.connect('127.0.0.1', { host: '127.0.0.1', port: 1 }),
    release: () => host.stop()
  }
}

async function loopback() {
  const network = createLoopbackNetwork()
  const nodes = [network.join(), network.join()]
  await Promise.all(nodes.map(node => node.start()))
  return {
    alice: nodes[0],
    bob: nodes[1],
    identities: keys,
    release: async () => void (await Promise.all(nodes.map(node => node.stop())))
  }
}

const connected = (createNode, layerOf) => async () => {
  const nodes = [0, 1].map(() => createNode({}, { powWorkers: 0 }))
  await Promise.all(nodes.map(node => node.start()))
  const { left, right } = createLinkPair()
  nodes[0].attach(left).catch(() => undefined)
  nodes[1].attach(right).catch(() => undefined)
  while (!nodes.every(node => node.connected())) await new Promise(resolve => setTimeout(resolve, 1))
  return {
    alice: layerOf(nodes[0]),
    bob: layerOf(nodes[1]),
    identities: keys,
    release: async () => void (await Promise.all(nodes.map(node => node.stop())))
  }
}

async function sealers() {
  const layer = (identity, installationId) =>
    createSealer({ identity, store: memorySessionStore(), clock, random }, { installationId })
  const [alice, bob] = people
  return {
    alice: await layer(alice, 'alice'),
    bob: await layer(bob, 'bob'),
    aliceKey: alice.publicKey,
    bobKey: bob.publicKey
  }
}

const suites = () => ({
  'curve arithmetic': ecBackendCases(ecBackend()),
  'link in memory': peerLinkCases(inMemory),
  'link over MessagePort': peerLinkCases(overPorts),
  'link over RLPx': peerLinkCases(overRlpx),
  'hostile peers over RLPx': hostilePeerCases(hostileGround),
  'loopback privacy layer': privacyLayerCases(loopback),
  Whisper: privacyLayerCases(connected(createWhisper, createStatusLayer)),
  Waku: privacyLayerCases(connected(createWaku, createWakuStatusLayer)),
  'X3DH and Double Ratchet': securityLayerCases(sealers),
  'session store': sessionStoreCases(async () => memorySessionStore()),
  MVDS: syncLayerCases(ports => createSync({ ...ports, store: memorySyncStore(), random }), {
    identities: [people[0].publicKey, people[1].publicKey]
  }),
  'sync store': syncStoreCases(
    async () => memorySyncStore(),
    async store => store
  ),
  'data layer': dataLayerCases(async () => ({ layer: dataLayer, identities: people, random })),
  'identity key': identityKeyCases(async () => people[0]),
  signer: signerCases(async () => people[0]),
  random: randomCases(async () => random, people[0].publicKey)
})

/** Runs all of them, one after the other. */
export async function compliance() {
  const failures = []
  let passed = 0
  for (const [suite, cases] of Object.entries(suites())) {
    for (const { name, run } of cases) {
      try {
        await run()
        passed++
      } catch (error) {
        failures.push(`${suite}: ${name}: ${error instanceof Error ? error.message : error}`)
      }
    }
  }
  return { passed, failures }
}
