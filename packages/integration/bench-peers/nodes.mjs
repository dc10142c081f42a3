// Relays of either kind, and the generator that measures them.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { goProgram } from './go-programs.mjs'
import { finished, port, scratch, start } from './processes.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
/** The checkout that is measured, and perhaps a second one, to see what a change does. */
const own = fileURLToPath(new URL('../../..', import.meta.url))
export const checkouts = { ours: own, oursNoble: own, other: process.env.OTHER_CHECKOUT }
/** A folder with programs of status-go: `maild`, its mailserver behind the flags of `shhnode`, and `encbench`, its ratchet. */
export const statusGo = process.env.STATUS_GO_PROGRAMS

export const isOurs = kind => checkouts[kind] !== undefined
export const ourScript = name => join(here, 'ours', name)

/** One round of the generator; answers what it measured. */
export async function loadgen(mode, facts, settings) {
  const args = Object.entries(facts).flatMap(([name, value]) => (value === undefined ? [] : [`-${name}=${value}`]))
  const [line] = await finished(goProgram('loadgen'), [mode, ...args], settings)
  if (line.error !== undefined) throw new Error(line.error)
  return line
}

let sender
/** The node that the generator sends as: ours is told to trust it. */
async function senderEnode() {
  sender ??= (await loadgen('id', {})).enode
  return sender
}

async function startNode(kind, { pin, peer, untrusted = false, mail, library, cpuProfile, listen }) {
  const [p2p, rpc] = [listen ?? port(), port()]
  const checkout = checkouts[kind]
  if (isOurs(kind) && library === undefined) {
    const profile = cpuProfile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${cpuProfile}`]
    const role = mail === undefined ? ['node'] : ['mailserver', '--archive', mail]
    const trusted = untrusted ? [] : ['--trusted', await senderEnode()]
    const dialed = peer === undefined ? [] : ['--peer', peer]
    const flags = ['--ephemeral', '--no-discovery', '--listen', `127.0.0.1:${p2p}`, '--shh-http', `127.0.0.1:${rpc}`]
    const bounds = ['--max-peers', '300', '--min-pow', '1e-9']
    const main = join(checkout, 'apps/cli/dist/main.js')
    const args = [...profile, main, '--json', ...role, ...flags, ...bounds, ...trusted, ...dialed]
    const node = start('node', args, { pin, checkout, ready: ({ event }) => event === 'ready' })
    await node.ready()
    const { enode } = node.lines.find(({ event }) => event === 'listening')
    return { ...node, enode, rpc: `http://127.0.0.1:${rpc}` }
  }
  let node
  if (isOurs(kind)) {
    const settings = { listen: p2p, rpc, trusted: [await senderEnode()], ...library }
    node = start('node', [ourScript('node.mjs'), JSON.stringify(settings)], { pin, checkout })
  } else {
    const dialed = peer === undefined ? [] : [`-peer=${peer}`]
    const archive = mail === undefined ? [] : [`-datadir=${mail}`]
    const flags = [`-listen=127.0.0.1:${p2p}`, `-rpc=127.0.0.1:${rpc}`, '-maxpeers=300', '-minpow=1e-9']
    const program = kind === 'geth' ? goProgram('shhnode') : join(statusGo, 'maild')
    node = start(program, [...flags, ...dialed, ...archive], { pin })
  }
  const { enode, rpc: url } = await node.ready()
  return { ...node, enode, rpc: url }
}

/** What one envelope counts for in `shh_info`, by kind: asked once, because it is the node's own affair. */
const units = new Map()
async function unitOf(kind) {
  if (!units.has(kind)) {
    const node = await startNode(kind, {})
    try {
      units.set(kind, (await loadgen('unit', { enode: node.enode, rpc: node.rpc })).unit)
    } finally {
      await node.stop()
    }
  }
  return units.get(kind)
}

/** A node of a kind: { pid, enode, rpc, unit, stop }. */
export async function startedNode(kind, settings = {}) {
  const unit = await unitOf(kind)
  return { ...(await startNode(kind, settings)), unit }
}

/** Runs `work` with a node and what the generator has to know of it. */
export async function withNode(kind, settings, work) {
  const node = await startedNode(kind, settings)
  try {
    return await work(node, { enode: node.enode, rpc: node.rpc, pid: node.pid, unit: node.unit })
  } finally {
    await node.stop()
  }
}

/** A file of this run. */
export const scratchFile = name => join(scratch, name)
